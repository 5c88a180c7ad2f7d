package io.kaiseki.inference.gguf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The 256 visible characters under which byte-level BPE (GPT-2's) writes bytes: printable Latin-1
 * stands for itself, all else for the characters from U+0100 on, in byte order.
 */
final class ByteLevelAlphabet {

  private static final char[] SYMBOLS = symbols();
  private static final short[] BYTES = bytes();

  private ByteLevelAlphabet() {}

  static char symbol(int unsignedByte) {
    return SYMBOLS[unsignedByte];
  }

  /** The byte that a symbol stands for, or empty where it is none of them. */
  static OptionalInt byteOf(char symbol) {
    int b = symbol < BYTES.length ? BYTES[symbol] : -1;
    return b < 0 ? OptionalInt.empty() : OptionalInt.of(b);
  }

  /** The symbols of a text's UTF-8 bytes. */
  static String spell(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder spelled = new StringBuilder(utf8.length);
    for (byte b : utf8) {
      spelled.append(SYMBOLS[b & 0xff]);
    }
    return spelled.toString();
  }

  private static char[] symbols() {
    char[] symbols = new char[256];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xFF && b != 0xAD;
      symbols[b] = (char) (visible ? b : next++);
    }
    return symbols;
  }

  private static short[] bytes() {
    short[] bytes = new short[512];
    Arrays.fill(bytes, (short) -1);
    for (int b = 0; b < SYMBOLS.length; b++) {
      bytes[SYMBOLS[b]] = (short) b;
    }
    return bytes;
  }
}
