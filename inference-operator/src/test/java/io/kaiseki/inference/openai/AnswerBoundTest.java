package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.contract.AnswerType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The most tokens that servers are asked for. */
class AnswerBoundTest {

  @Test
  void text_takes_a_token_for_each_two_characters_beside_what_every_answer_takes() {
    assertThat(AnswerBound.tokens(answer(new AnswerType.Text(1, 1_000)))).isBetween(570, 580);
  }

  @Test
  void the_bound_of_arrays_in_arrays_wrapped_around() {
    AnswerType type = new AnswerType.Text(1, 256);
    for (int depth = 1; depth <= 12; depth++) {
      type = new AnswerType.Items(type, 0, 1_000);

      assertThat(AnswerBound.tokens(answer(type))).as("arrays, %d deep", depth).isEqualTo(4_096);
    }
  }

  private static AnswerType answer(AnswerType type) {
    return new AnswerType.Composite(List.of(new AnswerType.Field("f", "", type)));
  }
}
