package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.contract.Logits;
import java.util.SplittableRandom;

/**
 * Samples reasoning tokens as DeepSeek recommends for R1: temperature 0.6, top-p 0.95. The seed
 * comes from the document's id, so the same document thinks the same way again.
 *
 * <p>Only the {@value #CANDIDATES} likeliest tokens are weighed: what lies beyond them carries no
 * mass that top-p would keep, and the work per token stays one pass over the logits.
 */
final class ReasoningSampler {

  private static final double TEMPERATURE = 0.6;
  private static final double TOP_P = 0.95;
  private static final int CANDIDATES = 64;

  private final boolean[] allowed;
  private final float[] values = new float[CANDIDATES];
  private final int[] tokens = new int[CANDIDATES];
  private final double[] weights = new double[CANDIDATES];

  /**
   * @param allowed tokens that reasoning may consist of
   */
  ReasoningSampler(boolean[] allowed) {
    this.allowed = allowed;
  }

  /**
   * A token to think on with.
   *
   * @throws ArithmeticException if the logits are no numbers
   */
  int sample(Logits logits, SplittableRandom random) {
    int count = candidates(logits);
    if (count == 0) {
      throw new ArithmeticException("no token of reasoning has a logit that is a number");
    }
    double total = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((values[i] - values[0]) / TEMPERATURE);
      total += weights[i];
    }
    double nucleus = 0;
    int kept = 0;
    while (kept < count && nucleus < TOP_P * total) {
      nucleus += weights[kept++];
    }
    double point = random.nextDouble() * nucleus;
    for (int i = 0; i < kept; i++) {
      point -= weights[i];
      if (point < 0) {
        return tokens[i];
      }
    }
    return tokens[Math.max(0, kept - 1)];
  }

  /** The likeliest tokens, the likeliest first. */
  private int candidates(Logits logits) {
    int count = 0;
    float floor = Float.NEGATIVE_INFINITY;
    for (int token = 0; token < allowed.length; token++) {
      float logit = logits.get(token);
      if (logit > floor && allowed[token]) {
        int at = count < CANDIDATES ? count++ : CANDIDATES - 1;
        while (at > 0 && values[at - 1] < logit) {
          values[at] = values[at - 1];
          tokens[at] = tokens[at - 1];
          at--;
        }
        values[at] = logit;
        tokens[at] = token;
        floor = count < CANDIDATES ? Float.NEGATIVE_INFINITY : values[CANDIDATES - 1];
      }
    }
    return count;
  }
}
