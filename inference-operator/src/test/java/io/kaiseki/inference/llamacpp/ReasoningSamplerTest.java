package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.contract.Logits;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReasoningSamplerTest {

  private final ReasoningSampler sampler = new ReasoningSampler(new boolean[] {false, true, true});
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void only_tokens_of_reasoning_are_taken() {
    assertThat(sampler.sample(logits(99, -99, 0), random)).isEqualTo(2);
  }

  @Test
  void logits_that_are_no_numbers_do_not_bring_back_the_token_before() {
    sampler.sample(logits(0, 1, 2), random);

    assertThatThrownBy(() -> sampler.sample(logits(Float.NaN, Float.NaN, Float.NaN), random))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("no token of reasoning");
  }

  private static Logits logits(float... values) {
    return new Logits(FloatBuffer.wrap(values));
  }
}
