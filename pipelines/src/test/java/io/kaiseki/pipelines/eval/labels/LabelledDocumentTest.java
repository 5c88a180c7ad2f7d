package io.kaiseki.pipelines.eval.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabelledDocumentTest {

  @Test
  void its_hash_is_the_one_that_earlier_reports_hold() {
    assertThat(new LabelledDocument("a", Optional.of("Gr"), "üße", Map.of()).hash())
        .isEqualTo("6cfee429d68b413d");
    assertThat(new LabelledDocument("b", Optional.empty(), "üße", Map.of()).hash())
        .isEqualTo("a1ed75d5e022aadf");
  }
}
