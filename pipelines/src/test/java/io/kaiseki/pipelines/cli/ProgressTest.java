package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void a_console_of_java_22_is_a_terminal_only_if_it_says_so() {
    assertThat(Progress.isTerminal(Java22.class, new Java22(false))).isFalse();
    assertThat(Progress.isTerminal(Java22.class, new Java22(true))).isTrue();
  }

  @Test
  void one_that_can_not_say_is_there_for_a_terminal_only() {
    assertThat(Progress.isTerminal(Object.class, new Object())).isTrue();
  }

  @Test
  void where_nobody_watches_there_is_a_line_for_each_tenth() {
    StringWriter out = new StringWriter();
    try (Progress progress = Progress.ofDocuments("Results", new PrintWriter(out))) {
      progress.advanced(15, 100);
      progress.advanced(15, 100);
      progress.advanced(20, 100);
    }

    assertThat(out.toString().lines()).containsExactly("Results: 10%", "Results: 20%");
  }

  /** As the console of Java 22 is asked. */
  public record Java22(boolean isTerminal) {}
}
