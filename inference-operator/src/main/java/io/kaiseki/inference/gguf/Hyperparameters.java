package io.kaiseki.inference.gguf;

/**
 * The numbers that fix the shape of a transformer.
 *
 * @param architecture the family
 * @param contextLength tokens that the model was trained to look back on
 * @param embeddingLength width of the residual stream
 * @param blockCount layers
 * @param feedForwardLength width of the gated feed-forward part
 * @param headCount query heads of each layer
 * @param kvHeadCount key and value heads of each layer; divides {@code headCount}
 * @param keyLength width of one key head
 * @param valueLength width of one value head
 * @param ropeFrequencyBase base of the rotary position frequencies
 * @param rmsEpsilon what RMS normalisation adds under the root
 */
public record Hyperparameters(
    Architecture architecture,
    int contextLength,
    int embeddingLength,
    int blockCount,
    int feedForwardLength,
    int headCount,
    int kvHeadCount,
    int keyLength,
    int valueLength,
    float ropeFrequencyBase,
    float rmsEpsilon) {

  private static final int NARROW = 64;

  /** Width of all query heads together. */
  public int queryWidth() {
    return headCount * keyLength;
  }

  /** Width of the keys that one token leaves in one layer. */
  public int keyWidth() {
    return kvHeadCount * keyLength;
  }

  /** Width of the values that one token leaves in one layer. */
  public int valueWidth() {
    return kvHeadCount * valueLength;
  }

  /**
   * Whether heads have fewer numbers than current kernels of AVX-512 take at a time (GGML_F16_STEP
   * in ggml's simd-mappings.h). Those of published models have 64 or 128.
   */
  public boolean hasNarrowHeads() {
    return keyLength < NARROW;
  }

  /** The same layers with another length of context and another epsilon. */
  Hyperparameters with(int contextLength, float rmsEpsilon) {
    return new Hyperparameters(
        architecture,
        contextLength,
        embeddingLength,
        blockCount,
        feedForwardLength,
        headCount,
        kvHeadCount,
        keyLength,
        valueLength,
        ropeFrequencyBase,
        rmsEpsilon);
  }
}
