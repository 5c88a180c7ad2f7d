package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

  private static int run(byte... bytes) {
    int state = Utf8.BOUNDARY;
    for (byte b : bytes) {
      state = Utf8.step(state, b);
      if (state == Utf8.REJECT) {
        return state;
      }
    }
    return state;
  }

  /** Whether Java decodes the bytes, to text that needs no escape in JSON. */
  private static boolean plainText(byte... bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.codePoints()
          .noneMatch(point -> Character.isISOControl(point) || point == '"' || point == '\\');
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void check(byte... bytes) {
    if ((run(bytes) == Utf8.BOUNDARY) != plainText(bytes)) {
      fail("%s: %s", HexFormat.of().formatHex(bytes), run(bytes));
    }
  }

  @Test
  void one_and_two_bytes_are_text_exactly_where_java_decodes_them() {
    for (int first = 0; first < 256; first++) {
      check((byte) first);
      for (int second = 0; second < 256; second++) {
        check((byte) first, (byte) second);
      }
    }
  }

  @Test
  void three_and_four_bytes_are_text_exactly_where_java_decodes_them() {
    int[] edges = {0x00, 0x22, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xFF};
    for (int first = 0xC0; first < 256; first++) {
      for (int second : edges) {
        for (int third : edges) {
          check((byte) first, (byte) second, (byte) third);
          for (int fourth : edges) {
            check((byte) first, (byte) second, (byte) third, (byte) fourth);
          }
        }
      }
    }
  }

  @Test
  void every_character_that_needs_no_escape_is_text() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      int point = random.nextInt(Character.MAX_CODE_POINT + 1);
      boolean text =
          !Character.isISOControl(point)
              && point != '"'
              && point != '\\'
              && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
      if (text) {
        assertThat(run(Character.toString(point).getBytes(StandardCharsets.UTF_8)))
            .as("U+%04X", point)
            .isEqualTo(Utf8.BOUNDARY);
      }
    }
  }
}
