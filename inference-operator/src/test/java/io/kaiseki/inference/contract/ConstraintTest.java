package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ConstraintTest {

  @Test
  void the_time_to_bind_a_label_grew_with_the_square_of_its_length() {
    Schema labels = Schema.createEnum("E", null, null, List.of("x".repeat(200_000), "y"));
    Contract contract =
        Contract.of(
            Schema.createRecord("A", null, null, false, List.of(new Schema.Field("f", labels))));
    ToyModel model = new ToyModel(SyntheticVocabulary.of("xx"));

    Constraint constraint =
        assertTimeoutPreemptively(
            Duration.ofSeconds(30), () -> new Constraint(contract, model.index()));

    AnswerDecoder decoder = model.answer(new AnswerDecoder(constraint), "").decoder();
    assertThat(decoder.tokens()).isGreaterThan(100_000).isLessThanOrEqualTo(constraint.maxTokens());
  }
}
