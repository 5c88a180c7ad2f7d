package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.inference.contract.Logits;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
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

  /**
   * What DeepSeek recommends, computed by hand: at temperature 0.6, probabilities are as e to the
   * logit / 0.6; of four tokens at 0, -0.6, -1.2 and -3 these are 1 : 0.3679 : 0.1353 : 0.0067. The
   * first three have 0.9955 of it, the first two 0.906, so top-p 0.95 keeps three.
   */
  @Test
  void tokens_are_drawn_at_temperature_0_6_and_none_beyond_the_likeliest_95_percent() {
    ReasoningSampler four = new ReasoningSampler(new boolean[] {true, true, true, true});
    int draws = 10_000;
    int[] drawn = new int[4];
    for (int i = 0; i < draws; i++) {
      drawn[four.sample(logits(-1.2f, 0, -3, -0.6f), random)]++;
    }

    double kept = 1 + Math.exp(-1) + Math.exp(-2);
    // Five standard deviations of the share of a token that is drawn every second time.
    Offset<Double> chance = within(0.025);
    assertThat((double) drawn[1] / draws).isEqualTo(1 / kept, chance);
    assertThat((double) drawn[3] / draws).isEqualTo(Math.exp(-1) / kept, chance);
    assertThat((double) drawn[0] / draws).isEqualTo(Math.exp(-2) / kept, chance);
    assertThat(drawn[2]).as("beyond top-p").isZero();
  }

  private static Logits logits(float... values) {
    return new Logits(FloatBuffer.wrap(values));
  }
}
