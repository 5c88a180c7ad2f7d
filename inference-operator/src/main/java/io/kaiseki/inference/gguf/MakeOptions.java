package io.kaiseki.inference.gguf;

import java.util.Objects;

/**
 * How to make up a model.
 *
 * @param seed equal seeds give equal files
 * @param bodyType how embedding and layers are stored: one of {@link WeightEncoding#TYPES}
 * @param headType how the output head is stored: the same choice
 * @param thinkTokenType how {@code <think>} and {@code </think>} are declared; USER_DEFINED as in
 *     converted R1 files, or CONTROL
 * @param progress hears the bytes written
 */
public record MakeOptions(
    long seed,
    GgmlType bodyType,
    GgmlType headType,
    TokenType thinkTokenType,
    ByteProgress progress) {

  public MakeOptions {
    Objects.requireNonNull(progress, "progress");
    requireWritable("bodyType", bodyType);
    requireWritable("headType", headType);
    if (thinkTokenType != TokenType.USER_DEFINED && thinkTokenType != TokenType.CONTROL) {
      throw new IllegalArgumentException(
          "thinkTokenType must be USER_DEFINED or CONTROL, but is " + thinkTokenType);
    }
  }

  /** Seed 1, Q4_0 with a Q8_0 head: what most people download. */
  public static MakeOptions defaults() {
    return new MakeOptions(
        1, GgmlType.Q4_0, GgmlType.Q8_0, TokenType.USER_DEFINED, ByteProgress.NONE);
  }

  public MakeOptions withSeed(long seed) {
    return new MakeOptions(seed, bodyType, headType, thinkTokenType, progress);
  }

  public MakeOptions withTypes(GgmlType bodyType, GgmlType headType) {
    return new MakeOptions(seed, bodyType, headType, thinkTokenType, progress);
  }

  public MakeOptions withThinkTokenType(TokenType thinkTokenType) {
    return new MakeOptions(seed, bodyType, headType, thinkTokenType, progress);
  }

  public MakeOptions withProgress(ByteProgress progress) {
    return new MakeOptions(seed, bodyType, headType, thinkTokenType, progress);
  }

  private static void requireWritable(String name, GgmlType type) {
    if (!WeightEncoding.TYPES.contains(type)) {
      throw new IllegalArgumentException(
          name + " must be one of " + WeightEncoding.TYPES + ", but is " + type);
    }
  }
}
