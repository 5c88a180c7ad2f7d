package io.kaiseki.inference.gguf;

import java.nio.ByteBuffer;

/**
 * The divisors of the rotary frequencies with which Llama 3.1 stretches its context from 8,192 to
 * 131,072 tokens ({@code rope_scaling} of type {@code llama3} in its config.json): short waves
 * stay, long ones are slowed by the factor, those between are blended. llama.cpp reads them from
 * the tensor {@code rope_freqs.weight}.
 */
final class RopeFactors {

  private static final double FACTOR = 8;
  private static final double LOW_FREQUENCY_FACTOR = 1;
  private static final double HIGH_FREQUENCY_FACTOR = 4;
  private static final double ORIGINAL_CONTEXT = 8192;
  private static final double FREQUENCY_BASE = 500_000;

  private RopeFactors() {}

  /**
   * @param half number of frequencies: half the width of a head
   */
  static ByteBuffer llama3(int half) {
    float[] factors = new float[half];
    for (int i = 0; i < half; i++) {
      double wavelength = 2 * Math.PI * Math.pow(FREQUENCY_BASE, (double) i / half);
      factors[i] = (float) factor(wavelength);
    }
    return WeightEncoding.encode(GgmlType.F32, factors);
  }

  private static double factor(double wavelength) {
    if (wavelength < ORIGINAL_CONTEXT / HIGH_FREQUENCY_FACTOR) {
      return 1;
    }
    if (wavelength > ORIGINAL_CONTEXT / LOW_FREQUENCY_FACTOR) {
      return FACTOR;
    }
    double smooth =
        (ORIGINAL_CONTEXT / wavelength - LOW_FREQUENCY_FACTOR)
            / (HIGH_FREQUENCY_FACTOR - LOW_FREQUENCY_FACTOR);
    return 1 / ((1 - smooth) / FACTOR + smooth);
  }
}
