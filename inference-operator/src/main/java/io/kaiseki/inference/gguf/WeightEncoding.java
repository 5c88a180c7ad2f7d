package io.kaiseki.inference.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Floats into the bytes of a {@link GgmlType} and back, following ggml's reference quantisation:
 * F32, F16, BF16, and the two block formats Q8_0 and Q4_0 (a half-precision scale, then 32 quants).
 */
public final class WeightEncoding {

  /** The types that this class can write. */
  public static final Set<GgmlType> TYPES =
      Collections.unmodifiableSet(
          EnumSet.of(GgmlType.F32, GgmlType.F16, GgmlType.BF16, GgmlType.Q8_0, GgmlType.Q4_0));

  private static final int BLOCK = 32;

  private WeightEncoding() {}

  /**
   * @param values in the order of the tensor; must fill whole blocks
   * @return little endian, ready to be written, position 0
   * @throws IllegalArgumentException for a type that isn't supported
   * @throws ArithmeticException if the values don't fill whole blocks
   */
  public static ByteBuffer encode(GgmlType type, float[] values) {
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(type.bytes(values.length)))
            .order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case F32 -> out.asFloatBuffer().put(values);
      case F16 -> {
        for (float value : values) {
          out.putShort(half(value));
        }
      }
      case BF16 -> {
        for (float value : values) {
          out.putShort(brain(value));
        }
      }
      case Q8_0 -> {
        for (int from = 0; from < values.length; from += BLOCK) {
          q8Block(values, from, out);
        }
      }
      case Q4_0 -> {
        for (int from = 0; from < values.length; from += BLOCK) {
          q4Block(values, from, out);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "cannot write " + type + " tensors; choose one of " + TYPES);
    }
    return out.rewind();
  }

  /**
   * What {@link #encode} has left of the values.
   *
   * @param bytes from its position on, little endian
   * @param count of elements
   * @throws IllegalArgumentException for a type that isn't supported
   */
  static float[] decode(GgmlType type, ByteBuffer bytes, int count) {
    float[] values = new float[count];
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case F32 -> in.asFloatBuffer().get(values);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = single(in.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(in.getShort() << 16);
        }
      }
      case Q8_0 -> {
        for (int from = 0; from < count; from += BLOCK) {
          float scale = single(in.getShort());
          for (int i = 0; i < BLOCK; i++) {
            values[from + i] = scale * in.get();
          }
        }
      }
      case Q4_0 -> {
        for (int from = 0; from < count; from += BLOCK) {
          float scale = single(in.getShort());
          for (int i = 0; i < BLOCK / 2; i++) {
            int two = in.get() & 0xff;
            values[from + i] = scale * ((two & 15) - 8);
            values[from + BLOCK / 2 + i] = scale * ((two >> 4) - 8);
          }
        }
      }
      default ->
          throw new IllegalArgumentException(
              "cannot read " + type + " tensors; choose one of " + TYPES);
    }
    return values;
  }

  private static void q8Block(float[] values, int from, ByteBuffer out) {
    float largest = 0;
    for (int i = 0; i < BLOCK; i++) {
      largest = Math.max(largest, Math.abs(values[from + i]));
    }
    float scale = largest / 127;
    float inverse = scale == 0 ? 0 : 1 / scale;
    out.putShort(half(scale));
    for (int i = 0; i < BLOCK; i++) {
      out.put((byte) Math.round(values[from + i] * inverse));
    }
  }

  private static void q4Block(float[] values, int from, ByteBuffer out) {
    // The value of largest magnitude, with its sign, lands exactly on quant 0 (that is, -8).
    float extreme = 0;
    for (int i = 0; i < BLOCK; i++) {
      if (Math.abs(values[from + i]) > Math.abs(extreme)) {
        extreme = values[from + i];
      }
    }
    float scale = extreme / -8;
    float inverse = scale == 0 ? 0 : 1 / scale;
    out.putShort(half(scale));
    for (int i = 0; i < BLOCK / 2; i++) {
      int low = quant4(values[from + i] * inverse);
      int high = quant4(values[from + BLOCK / 2 + i] * inverse);
      out.put((byte) (low | high << 4));
    }
  }

  private static int quant4(float scaled) {
    return Math.min(15, (int) (scaled + 8.5f));
  }

  /** The upper half of a float, rounded to nearest even; what is no number stays none. */
  static short brain(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  /** IEEE 754 half precision, rounded to nearest even; too large becomes infinite. */
  static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x47800000) {
      return (short) (sign | 0x7c00);
    }
    if (magnitude >= 0x38800000) {
      int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
      return (short) (sign | rounded - 0x38000000 >>> 13);
    }
    if (magnitude < 0x33000000) {
      return (short) sign;
    }
    // Subnormal: the implicit bit becomes explicit and the fraction moves right.
    int shift = 126 - (magnitude >>> 23);
    int fraction = magnitude & 0x7fffff | 0x800000;
    int kept = fraction >>> shift;
    int lost = fraction & (1 << shift) - 1;
    int middle = 1 << shift - 1;
    int up = lost > middle || lost == middle && (kept & 1) == 1 ? 1 : 0;
    return (short) (sign | kept + up);
  }

  /** The value of an IEEE 754 half. */
  static float single(short half) {
    int magnitude = half & 0x7fff;
    float value;
    if (magnitude >= 0x7c00) {
      value = magnitude > 0x7c00 ? Float.NaN : Float.POSITIVE_INFINITY;
    } else if (magnitude < 0x400) {
      value = magnitude * 0x1p-24f;
    } else {
      value = Float.intBitsToFloat((magnitude << 13) + 0x38000000);
    }
    return half < 0 ? -value : value;
  }
}
