package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {

  private static final List<String> NAMES = List.of("ticket-triage", "document-insight");

  @Test
  void a_name_with_a_slip_is_asked_about_and_another_word_is_answered_by_what_there_is() {
    assertThat(NearestName.hint("ticket-trige", NAMES, "built in: two"))
        .isEqualTo("did you mean ticket-triage?");
    assertThat(NearestName.hint("weather", NAMES, "built in: two")).isEqualTo("built in: two");
    assertThat(NearestName.hint("weather", List.of(), "none")).isEqualTo("none");
  }
}
