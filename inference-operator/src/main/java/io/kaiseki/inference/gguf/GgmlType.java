package io.kaiseki.inference.gguf;

import java.util.Arrays;
import java.util.Optional;

/**
 * How ggml stores the elements of a tensor: in blocks of {@link #blockElements} elements that take
 * {@link #blockBytes} bytes. Identifiers and sizes are those of ggml.h; the gaps are formats that
 * llama.cpp has dropped.
 */
public enum GgmlType {
  F32(0, 1, 4, true),
  F16(1, 1, 2, true),
  Q4_0(2, 32, 18, true),
  Q4_1(3, 32, 20, true),
  Q5_0(6, 32, 22, true),
  Q5_1(7, 32, 24, true),
  Q8_0(8, 32, 34, true),
  Q8_1(9, 32, 36, false),
  Q2_K(10, 256, 84, true),
  Q3_K(11, 256, 110, true),
  Q4_K(12, 256, 144, true),
  Q5_K(13, 256, 176, true),
  Q6_K(14, 256, 210, true),
  Q8_K(15, 256, 292, false),
  IQ2_XXS(16, 256, 66, true),
  IQ2_XS(17, 256, 74, true),
  IQ3_XXS(18, 256, 98, true),
  IQ1_S(19, 256, 50, true),
  IQ4_NL(20, 32, 18, true),
  IQ3_S(21, 256, 110, true),
  IQ2_S(22, 256, 82, true),
  IQ4_XS(23, 256, 136, true),
  I8(24, 1, 1, false),
  I16(25, 1, 2, false),
  I32(26, 1, 4, false),
  I64(27, 1, 8, false),
  F64(28, 1, 8, false),
  IQ1_M(29, 256, 56, true),
  BF16(30, 1, 2, true),
  TQ1_0(34, 256, 54, true),
  TQ2_0(35, 256, 66, true);

  private final int id;
  private final int blockElements;
  private final int blockBytes;
  private final boolean weight;

  GgmlType(int id, int blockElements, int blockBytes, boolean weight) {
    this.id = id;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
    this.weight = weight;
  }

  /** The number that stands for this type in a file. */
  public int id() {
    return id;
  }

  public int blockElements() {
    return blockElements;
  }

  public int blockBytes() {
    return blockBytes;
  }

  /**
   * Whether a weight matrix may be stored so. ggml multiplies by these types; with any other it
   * ends the process.
   */
  public boolean canHoldWeights() {
    return weight;
  }

  /**
   * Bytes of so many elements.
   *
   * @throws ArithmeticException if the elements don't fill whole blocks or the bytes overflow
   */
  public long bytes(long elements) {
    if (elements % blockElements != 0) {
      throw new ArithmeticException(
          elements + " elements do not fill " + this + " blocks of " + blockElements);
    }
    return Math.multiplyExact(elements / blockElements, (long) blockBytes);
  }

  /** The type with this number, or empty where ggml has none or has dropped it. */
  public static Optional<GgmlType> withId(int id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }
}
