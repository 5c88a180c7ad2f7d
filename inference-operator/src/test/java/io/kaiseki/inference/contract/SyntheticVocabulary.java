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

  private SyntheticVocabulary() {
    for (int b = 0; b < 256; b++) {
      add(new byte[] {(byte) b});
    }
  }

  /** One token for each byte, and no other. */
  static SyntheticVocabulary ofBytes() {
    return new SyntheticVocabulary();
  }

  /** The bytes, and some tokens of several. */
  static SyntheticVocabulary of(String... merges) {
    SyntheticVocabulary vocabulary = new SyntheticVocabulary();
    for (String merge : merges) {
      vocabulary.add(merge.getBytes(StandardCharsets.UTF_8));
    }
    return vocabulary;
  }

  /** Such merges as real vocabularies have, and random words. */
  static SyntheticVocabulary ofWords(long seed) {
    SyntheticVocabulary vocabulary =
        of(
            "\":", "\":\"", "\",\"", "\",", "{\"", "\"}", "\":[", "\":[\"", "[]", "\"],\"", "\"]",
            "},{", "},{\"", ".\"", "!\",", "?\",\"", "null", "true", "false", "a\"", "é\"", "é",
            "日本", "ü", "\\n", "\\\"", "12", "2026", "-0", "00", "01", "T1", ":0", ".5", "],[", "]}",
            "}]", "[{\"");
    byte[] kanji = "日本語".getBytes(StandardCharsets.UTF_8);
    vocabulary.add(Arrays.copyOfRange(kanji, 0, 2));
    vocabulary.add(Arrays.copyOfRange(kanji, 1, 4));
    vocabulary.add(new byte[] {'x', (byte) 0xF0, (byte) 0x9F});
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      StringBuilder word = new StringBuilder(random.nextBoolean() ? " " : "");
      for (int j = 0, n = 1 + random.nextInt(6); j < n; j++) {
        word.append((char) ('a' + random.nextInt(26)));
      }
      vocabulary.add(word.toString().getBytes(StandardCharsets.UTF_8));
    }
    return vocabulary;
  }

  /**
   * Tokens that reach over several of JSON's boundaries, or from the middle of a character into the
   * middle of the next.
   */
  static SyntheticVocabulary ofStraddlers() {
    SyntheticVocabulary vocabulary =
        of(
            "\":[[",
            "]],\"",
            "]]",
            "]]}",
            "\"]}]",
            "\"}],\"",
            "a\",\"f1\":",
            "\",\"f2\":\"",
            "\",\"f3\":[\"",
            "\"],[\"",
            "},{\"f",
            "\"},{\"f4\":",
            "1],\"",
            "5,",
            "0,1",
            "7}",
            "9]}",
            "null,\"f",
            "null}",
            "true,",
            "false]",
            "true,false",
            "\":true",
            "\":null,\"",
            "Z\"",
            "Z\",\"",
            "\\u0000",
            "\\\"help\\\"",
            "n\\",
            "\\\\t",
            "[]]",
            "[],[",
            "{}",
            "{},{}",
            ":{}",
            "{}]",
            "[{},{}");
    byte[] text = "日本語の文書。é👍".getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < text.length; from++) {
      for (int to = from + 2; to <= Math.min(from + 4, text.length); to++) {
        vocabulary.add(Arrays.copyOfRange(text, from, to));
      }
    }
    vocabulary.add(new byte[] {'"', ',', '"', (byte) 0xE6});
    return vocabulary;
  }

  private void add(byte[] token) {
    String key = new String(token, StandardCharsets.ISO_8859_1);
    if (ids.putIfAbsent(key, tokens.size()) == null) {
      tokens.add(token);
      longest = Math.max(longest, token.length);
    }
  }

  /** The token of these very bytes. */
  int token(String text) {
    return ids.get(raw(text));
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
    String raw = raw(text);
    int[] out = new int[raw.length()];
    int count = 0;
    for (int at = 0; at < raw.length(); ) {
      int length = Math.min(longest, raw.length() - at);
      Integer id = ids.get(raw.substring(at, at + length));
      while (id == null) {
        length--;
        id = ids.get(raw.substring(at, at + length));
      }
      out[count++] = id;
      at += length;
    }
    return Arrays.copyOf(out, count);
  }

  private static String raw(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
