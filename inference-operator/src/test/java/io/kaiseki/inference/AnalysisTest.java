package io.kaiseki.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.contract.Contract;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class AnalysisTest {

  private static final Contract CONTRACT =
      Contract.of(
          new Schema.Parser()
              .parse(
                  "{\"type\":\"record\",\"name\":\"A\",\"fields\":["
                      + "{\"name\":\"sure\",\"type\":\"boolean\"}]}"));

  @Test
  void thinking_when_unsure_needs_confidences() {
    ReasoningPolicy policy = new ReasoningPolicy.WhenUnsure(0.5, 64);

    assertThatThrownBy(() -> analysis(CONTRACT.withoutConfidences(), policy))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letters: when-unsure(0.5,64)")
        .hasMessageContaining("confidences");
    assertThat(analysis(CONTRACT, policy).reasoning()).isEqualTo(policy);
  }

  @Test
  void another_way_to_choose_labels_is_another_version() {
    assertThat(analysis(CONTRACT.withoutConfidences(), ReasoningPolicy.OFF).version())
        .isNotEqualTo(analysis(CONTRACT, ReasoningPolicy.OFF).version());
  }

  private static Analysis analysis(Contract contract, ReasoningPolicy reasoning) {
    return Analysis.of(
        "letters", "Read.", contract, reasoning, LongDocuments.REFUSE, MaskingPolicy.NONE);
  }
}
