package io.kaiseki.inference.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model's tokens can do inside an answer, worked out once per model and shared by all its
 * contracts. Immutable.
 */
public final class VocabularyIndex {

  /** A token that ends a free string: text, the closing quotation mark, and maybe more. */
  record Closing(int token, int textBytes, int textChars) {}

  private final Vocabulary vocabulary;
  private final byte[][] bytes;
  private final short[] textChars;
  private final int[] broken;
  private final int[] scalars;
  private final List<Closing> closings;
  private final int[] sorted;
  private final int longest;
  private final int[] byteTokens = new int[256];

  /**
   * Reads the whole vocabulary; a fraction of a second per 100,000 tokens.
   *
   * @throws IllegalArgumentException if a byte of UTF-8 text has no token of its own: an answer
   *     could then come to a point where nothing can follow
   */
  public VocabularyIndex(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    int size = vocabulary.size();
    bytes = new byte[size][];
    textChars = new short[size];
    List<Integer> brokenTokens = new ArrayList<>();
    List<Integer> scalarTokens = new ArrayList<>();
    List<Integer> texts = new ArrayList<>();
    closings = new ArrayList<>();
    Arrays.fill(byteTokens, -1);
    for (int token = 0; token < size; token++) {
      byte[] piece = vocabulary.bytes(token);
      bytes[token] = piece;
      if (piece.length > 0) {
        texts.add(token);
        if (piece.length == 1 && byteTokens[piece[0] & 0xFF] < 0) {
          byteTokens[piece[0] & 0xFF] = token;
        }
        classify(token, piece, brokenTokens);
        if (isScalar(piece)) {
          scalarTokens.add(token);
        }
      }
    }
    requireAllBytes();
    longest = texts.stream().mapToInt(token -> bytes[token].length).max().orElse(0);
    broken = ints(brokenTokens);
    scalars = ints(scalarTokens);
    texts.sort(Comparator.comparing(token -> bytes[token], Arrays::compareUnsigned));
    sorted = ints(texts);
  }

  private void requireAllBytes() {
    for (int b = ' '; b <= 0xF4; b++) {
      if (byteTokens[b] < 0 && b != 0xC0 && b != 0xC1) {
        throw new IllegalArgumentException(
            "the model's vocabulary has no token for byte 0x"
                + Integer.toHexString(b)
                + " alone; use a model with a byte-level BPE tokenizer, as DeepSeek-R1's"
                + " distillations have");
      }
    }
  }

  private void classify(int token, byte[] piece, List<Integer> brokenTokens) {
    int state = Utf8.BOUNDARY;
    int chars = 0;
    for (int i = 0; i < piece.length; i++) {
      if (state == Utf8.BOUNDARY) {
        if (piece[i] == '"') {
          closings.add(new Closing(token, i, chars));
          return;
        }
        chars++;
      }
      state = Utf8.step(state, piece[i]);
      if (state == Utf8.REJECT) {
        // It may still complete a code point that the token before it began.
        if ((piece[0] & 0xC0) == 0x80) {
          brokenTokens.add(token);
        }
        return;
      }
    }
    if (state == Utf8.BOUNDARY) {
      textChars[token] = (short) chars;
    } else {
      brokenTokens.add(token);
    }
  }

  private static boolean isScalar(byte[] piece) {
    for (byte b : piece) {
      if (ScalarFormat.ALPHABET.indexOf(b) < 0) {
        return false;
      }
    }
    return true;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  byte[] bytes(int token) {
    return bytes[token];
  }

  /** The token of a single byte of UTF-8 text. */
  int byteToken(byte value) {
    return byteTokens[value & 0xFF];
  }

  int size() {
    return bytes.length;
  }

  /** Code points of a token that is text from one code point's start to another's end; 0 else. */
  int textChars(int token) {
    return textChars[token];
  }

  /** Tokens that begin or end inside a code point. */
  int[] broken() {
    return broken;
  }

  /** Tokens that consist of digits and the punctuation of numbers and dates. */
  int[] scalars() {
    return scalars;
  }

  /** Tokens that hold a quotation mark after text, or after nothing. */
  List<Closing> closings() {
    return closings;
  }

  /** The token at a place in the byte order of all text tokens. */
  int sortedToken(int place) {
    return sorted[place];
  }

  /** Bytes of the longest token. */
  int longest() {
    return longest;
  }

  int sortedSize() {
    return sorted.length;
  }

  /**
   * The first place in {@code [low, high)} whose token has, at a depth, a byte of at least {@code
   * wanted}. All tokens of the range share their first {@code depth} bytes.
   */
  int lowerBound(int low, int high, int depth, int wanted) {
    while (low < high) {
      int middle = (low + high) >>> 1;
      byte[] piece = bytes[sorted[middle]];
      int value = piece.length > depth ? piece[depth] & 0xFF : -1;
      if (value < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The tokens whose bytes are the first {@code length} of some bytes. */
  IntStream exactly(byte[] wanted, int length) {
    int low = 0;
    int high = sorted.length;
    for (int depth = 0; depth < length && low < high; depth++) {
      low = lowerBound(low, high, depth, wanted[depth] & 0xFF);
      high = lowerBound(low, high, depth, (wanted[depth] & 0xFF) + 1);
    }
    return Arrays.stream(sorted, low, high).filter(token -> bytes[token].length == length);
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
