package io.kaiseki.inference.contract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A byte-level vocabulary with what makes real ones hard: punctuation merged across JSON's
 * boundaries, digits in groups, words with and without a space in front, and pieces of characters.
 */
final class SyntheticVocabulary implements Vocabulary {

  private final List<byte[]> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private int longest = 1;

  SyntheticVocabulary(long seed) {
    for (int b = 0; b < 256; b++) {
      add(new byte[] {(byte) b});
    }
    for (String merge :
        new String[] {
          "\":", "\":\"", "\",\"", "\",", "{\"", "\"}", "\":[", "\":[\"", "[]", "\"],\"", "\"]",
          "},{", "},{\"", ".\"", "!\",", "?\",\"", "null", "true", "false", "a\"", "é\"", "é", "日本",
          "ü", "\\n", "\\\"", "12", "2026", "-0", "00", "01", "T1", ":0", ".5", "],[", "]}", "}]",
          "[{\""
        }) {
      add(merge.getBytes(StandardCharsets.UTF_8));
    }
    byte[] kanji = "日本語".getBytes(StandardCharsets.UTF_8);
    add(Arrays.copyOfRange(kanji, 0, 2));
    add(Arrays.copyOfRange(kanji, 1, 4));
    add(Arrays.copyOfRange(kanji, 2, 3));
    add("a\u00f0".substring(0, 1).getBytes(StandardCharsets.UTF_8));
    add(new byte[] {'x', (byte) 0xF0, (byte) 0x9F});
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      StringBuilder word = new StringBuilder(random.nextBoolean() ? " " : "");
      for (int j = 0, n = 1 + random.nextInt(6); j < n; j++) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      add(word.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void add(byte[] token) {
    String key = new String(token, StandardCharsets.ISO_8859_1);
    if (ids.putIfAbsent(key, tokens.size()) == null) {
      tokens.add(token);
      longest = Math.max(longest, token.length);
    }
  }

  @Override
  public int size() {
    return tokens.size();
  }

  @Override
  public byte[] bytes(int token) {
    return tokens.get(token);
  }

  /** Longest match first. */
  @Override
  public int[] tokenize(String text) {
    String raw = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    List<Integer> out = new ArrayList<>();
    for (int at = 0; at < raw.length(); ) {
      int length = Math.min(longest, raw.length() - at);
      while (!ids.containsKey(raw.substring(at, at + length))) {
        length--;
      }
      out.add(ids.get(raw.substring(at, at + length)));
      at += length;
    }
    return out.stream().mapToInt(Integer::intValue).toArray();
  }
}
