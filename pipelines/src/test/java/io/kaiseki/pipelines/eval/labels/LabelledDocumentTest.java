package io.kaiseki.pipelines.eval.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

  @Test
  void the_hash_of_a_truth_is_that_of_its_elements_in_any_order_and_of_the_text() {
    LabelledDocument document = new LabelledDocument("a", Optional.of("Gr"), "üße", Map.of());
    LabelledDocument other = new LabelledDocument("a", Optional.of("Gr"), "ok", Map.of());

    assertThat(document.hash(open("B", "A")))
        .isEqualTo("58692810fd2edece")
        .isEqualTo(document.hash(open("A", "B", "A")))
        .isNotEqualTo(document.hash(open("A")))
        .isNotEqualTo(other.hash(open("A", "B")));
    assertThat(document.hash(open()))
        .isNotEqualTo(document.hash())
        .isNotEqualTo(document.hash(open("")));
  }

  private static Label.Open open(String... elements) {
    return new Label.Open(List.of(elements));
  }
}
