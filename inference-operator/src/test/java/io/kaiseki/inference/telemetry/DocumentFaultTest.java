package io.kaiseki.inference.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DocumentFaultTest {

  @Test
  void a_log_has_classes_and_places_but_nothing_of_the_document() {
    Exception cause = new NumberFormatException("For input string: \"my account 4711\"");
    cause.addSuppressed(new IllegalStateException("my account 4711"));

    String logged = printed(DocumentFault.of(new IllegalArgumentException("4711 is wrong", cause)));

    assertThat(logged)
        .contains("java.lang.IllegalArgumentException")
        .contains("Caused by")
        .contains("java.lang.NumberFormatException")
        .contains(getClass().getName() + ".a_log_has_classes")
        .doesNotContain("4711");
  }

  @Test
  void causes_that_go_round_in_a_circle_come_to_an_end() {
    Exception one = new Exception("one");
    Exception other = new Exception("other", one);
    one.initCause(other);

    assertThat(printed(DocumentFault.of(one))).contains("Caused by").doesNotContain("other");
  }

  private static String printed(Throwable fault) {
    StringWriter text = new StringWriter();
    fault.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
