package io.kaiseki.inference.gguf;

import java.nio.charset.StandardCharsets;

/**
 * The 256 visible characters under which byte-level BPE (GPT-2's) writes bytes: printable Latin-1
 * stands for itself, all else for the characters from U+0100 on, in byte order.
 */
final class ByteLevelAlphabet {

  private static final char[] SYMBOLS = symbols();

  private ByteLevelAlphabet() {}

  static char symbol(int unsignedByte) {
    return SYMBOLS[unsignedByte];
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
}
