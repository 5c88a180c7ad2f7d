package io.kaiseki.inference.contract;

/**
 * A byte-wise automaton for the text that a free string may hold: well-formed UTF-8 (RFC 3629)
 * without C0 and C1 control characters, quotation mark and backslash.
 */
final class Utf8 {

  /** Between two code points. */
  static final int BOUNDARY = 0;

  /** No text that may go on. */
  static final int REJECT = -1;

  private static final int ONE_MORE = 1;
  private static final int TWO_MORE = 2;
  private static final int THREE_MORE = 3;
  private static final int AFTER_C2 = 4;
  private static final int AFTER_E0 = 5;
  private static final int AFTER_ED = 6;
  private static final int AFTER_F0 = 7;
  private static final int AFTER_F4 = 8;

  private Utf8() {}

  /** The state after one more byte, or {@link #REJECT}. */
  static int step(int state, byte next) {
    int b = next & 0xFF;
    return switch (state) {
      case BOUNDARY -> start(b);
      case ONE_MORE -> within(b, 0x80, 0xBF, BOUNDARY);
      case TWO_MORE -> within(b, 0x80, 0xBF, ONE_MORE);
      case THREE_MORE -> within(b, 0x80, 0xBF, TWO_MORE);
      case AFTER_C2 -> within(b, 0xA0, 0xBF, BOUNDARY);
      case AFTER_E0 -> within(b, 0xA0, 0xBF, ONE_MORE);
      case AFTER_ED -> within(b, 0x80, 0x9F, ONE_MORE);
      case AFTER_F0 -> within(b, 0x90, 0xBF, TWO_MORE);
      case AFTER_F4 -> within(b, 0x80, 0x8F, TWO_MORE);
      default -> REJECT;
    };
  }

  private static int start(int b) {
    if (b < 0x80) {
      return b < 0x20 || b == 0x7F || b == '"' || b == '\\' ? REJECT : BOUNDARY;
    }
    if (b < 0xC2 || b > 0xF4) {
      return REJECT;
    }
    if (b < 0xE0) {
      return b == 0xC2 ? AFTER_C2 : ONE_MORE;
    }
    if (b < 0xF0) {
      return b == 0xE0 ? AFTER_E0 : b == 0xED ? AFTER_ED : TWO_MORE;
    }
    return b == 0xF0 ? AFTER_F0 : b == 0xF4 ? AFTER_F4 : THREE_MORE;
  }

  private static int within(int b, int low, int high, int next) {
    return b >= low && b <= high ? next : REJECT;
  }
}
