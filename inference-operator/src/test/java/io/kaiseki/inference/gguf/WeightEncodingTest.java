package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightEncodingTest {

  private static final int BLOCKS = 100;

  @ParameterizedTest
  @CsvSource({
    "0, 0x0000",
    "-0.0, 0x8000",
    "1, 0x3C00",
    "-2, 0xC000",
    "65504, 0x7BFF",
    "65519.99, 0x7BFF",
    "65520, 0x7C00",
    "0.00006103515625, 0x0400",
    "0.000060975552, 0x03FF",
    "0.000000059604645, 0x0001",
    "0.000000029802322, 0x0000",
    "0.00000003, 0x0001",
    "1.00048828125, 0x3C00",
    "1.00146484375, 0x3C02",
    "Infinity, 0x7C00",
    "NaN, 0x7E00"
  })
  void half_precision_rounds_to_nearest_even(float value, String expected) {
    assertThat(WeightEncoding.half(value)).isEqualTo(Integer.decode(expected).shortValue());
  }

  @Test
  void every_half_that_is_a_number_survives_the_way_through_float() {
    for (int bits = 0; bits < 0x7C00; bits++) {
      assertThat(WeightEncoding.half(decodedHalf((short) bits))).isEqualTo((short) bits);
      assertThat(WeightEncoding.single((short) bits)).isEqualTo(decodedHalf((short) bits));
      assertThat(WeightEncoding.single((short) (bits | 0x8000)))
          .isEqualTo(-decodedHalf((short) bits));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x0000",
    "-0.0, 0x8000",
    "1, 0x3F80",
    "1.00390625, 0x3F80",
    "1.01171875, 0x3F82",
    "3.4028235e38, 0x7F80",
    "-Infinity, 0xFF80",
    "NaN, 0x7FC0"
  })
  void bfloat16_rounds_to_nearest_even(float value, String expected) {
    assertThat(WeightEncoding.brain(value)).isEqualTo(Integer.decode(expected).shortValue());
  }

  @Test
  void q8_0_keeps_each_value_within_half_a_step() {
    float[] values = gaussians();
    ByteBuffer bytes = WeightEncoding.encode(GgmlType.Q8_0, values);

    for (int i = 0; i < values.length; i++) {
      int block = i / 32 * 34;
      float scale = decodedHalf(bytes.getShort(block));
      assertThat(bytes.get(block + 2 + i % 32) * scale).isCloseTo(values[i], within(scale * 0.57f));
    }
  }

  @Test
  void q4_0_keeps_each_value_within_a_step_and_puts_the_second_half_into_the_high_bits() {
    float[] values = gaussians();
    ByteBuffer bytes = WeightEncoding.encode(GgmlType.Q4_0, values);

    for (int i = 0; i < values.length; i++) {
      int block = i / 32 * 18;
      float scale = decodedHalf(bytes.getShort(block));
      int pair = bytes.get(block + 2 + i % 16);
      int quant = (i % 32 < 16 ? pair & 15 : pair >> 4 & 15) - 8;
      assertThat(quant * scale).isCloseTo(values[i], within(Math.abs(scale) * 1.01f));
    }
  }

  @ParameterizedTest
  @CsvSource({"F32, 0", "F16, 0.001", "BF16, 0.01", "Q8_0, 0.02", "Q4_0, 0.5"})
  void what_was_encoded_can_be_read_again(GgmlType type, float error) {
    float[] values = gaussians();

    float[] read = WeightEncoding.decode(type, WeightEncoding.encode(type, values), values.length);

    assertThat(read).containsExactly(values, within(error));
    assertThat(WeightEncoding.decode(type, WeightEncoding.encode(type, read), read.length))
        .as("what a type can hold, it holds exactly")
        .containsExactly(read, within(1e-6f));
  }

  @Test
  void a_block_of_zeros_stays_zero() {
    assertThat(WeightEncoding.encode(GgmlType.Q8_0, new float[32]))
        .isEqualTo(ByteBuffer.allocate(34));
    assertThat(decodedHalf(WeightEncoding.encode(GgmlType.Q4_0, new float[32]).getShort(0)))
        .isEqualTo(-0f);
  }

  @Test
  void other_types_and_broken_blocks_are_refused() {
    assertThatThrownBy(() -> WeightEncoding.encode(GgmlType.Q6_K, new float[256]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Q6_K");
    assertThatThrownBy(() -> WeightEncoding.encode(GgmlType.Q8_0, new float[33]))
        .isInstanceOf(ArithmeticException.class);
  }

  private static float[] gaussians() {
    Random random = new Random(7);
    float[] values = new float[BLOCKS * 32];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float decodedHalf(short half) {
    int exponent = half >> 10 & 31;
    int fraction = half & 1023;
    float magnitude =
        exponent == 0
            ? Math.scalb((float) fraction, -24)
            : Math.scalb((float) (1024 + fraction), exponent - 25);
    return half < 0 ? -magnitude : magnitude;
  }
}
