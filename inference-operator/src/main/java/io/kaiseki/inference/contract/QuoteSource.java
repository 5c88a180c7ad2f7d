package io.kaiseki.inference.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * A document as quotes are checked against: its text as it would stand in a JSON string. A quote is
 * then a substring of these bytes from one word's start to another's end, and the closing quotation
 * mark can't be mistaken for one of the document's. Immutable.
 */
public final class QuoteSource {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Stands for what no quote can hold; well-formed text never has this byte. */
  public static final byte UNQUOTABLE = (byte) 0xFF;

  /** Bytes of a word that are sorted by; more would make a document of one repeated word slow. */
  private static final int SORTED_BYTES = 16;

  /** A document that has no words. */
  public static final QuoteSource EMPTY = new QuoteSource("");

  private final byte[] bytes;
  private final int length;
  private final boolean[] boundary;
  private final boolean[] end;
  private final int[] starts;
  private final int[] rooms;
  private final int longest;
  private final int[] tokens;
  private final int[] tokenStarts;

  /** Takes time and memory in proportion to the document; call it off the engine's thread. */
  public QuoteSource(String document) {
    this(document, new int[0], token -> new byte[0]);
  }

  /**
   * The same, for a model that reads the document as these tokens: it will likely write a quote in
   * them as well.
   *
   * @param spelled the bytes of a token
   */
  public QuoteSource(String document, int[] tokens, IntFunction<byte[]> spelled) {
    byte[] out = new byte[document.length() * 3 + 16];
    boolean[] marks = new boolean[out.length + 1];
    boolean[] ends = new boolean[marks.length];
    int[] words = new int[document.length() + 1];
    int wordCount = 0;
    int lastEnd = 0;
    int at = 0;
    int previous = ' ';
    for (int i = 0; i < document.length(); ) {
      int point = document.codePointAt(i);
      i += Character.charCount(point);
      if (at + 8 > out.length) {
        out = Arrays.copyOf(out, out.length * 2);
        marks = Arrays.copyOf(marks, out.length + 1);
        ends = Arrays.copyOf(ends, marks.length);
      }
      marks[at] = true;
      ends[at] = endsWord(previous, point);
      if (startsWord(previous, point)) {
        words[wordCount++] = at;
      }
      at = escape(point, out, at);
      lastEnd = Character.isWhitespace(point) ? lastEnd : at;
      // Marks, of sound or form, leave a word in the script of the character that they are on.
      if (!isMark(point) && !drawsOut(point) || !continues(previous, point)) {
        previous = point;
      }
    }
    marks[at] = true;
    ends[at] = true;
    bytes = out;
    length = at;
    boundary = marks;
    end = ends;
    starts = sorted(words, wordCount);
    rooms = rooms(lastEnd);
    longest = Arrays.stream(rooms).max().orElse(0);
    this.tokens = tokens;
    tokenStarts = startsOf(tokens, spelled);
  }

  /**
   * Where the tokens start, as far as their bytes are those of the document: what reads a document
   * may have put something in between. One that JSON would escape starts nowhere.
   */
  private int[] startsOf(int[] tokens, IntFunction<byte[]> spelled) {
    int[] found = new int[tokens.length];
    int at = 0;
    int count = 0;
    while (count < tokens.length) {
      int start = at;
      byte[] piece = spelled.apply(tokens[count]);
      boolean escaped = piece.length == 0;
      for (byte b : piece) {
        if (at < length && bytes[at] == b && b != '\\') {
          at++;
        } else if (at < length && bytes[at] == '\\') {
          escaped = true;
          at += bytes[at + 1] == 'u' ? 6 : 2;
        } else {
          return Arrays.copyOf(found, count);
        }
      }
      // Ordered as places are, so that one can be looked for; no place is odd then.
      found[count++] = 2 * start + (escaped ? 1 : 0);
    }
    return found;
  }

  /** The token that starts at a place; -1 if none does. */
  int tokenAt(int place) {
    int found = Arrays.binarySearch(tokenStarts, 2 * place);
    return found < 0 ? -1 : tokens[found];
  }

  /**
   * How many characters a quote from each start can have.
   *
   * @param last where the last word ends: white space behind it would only fill a quote up
   */
  private int[] rooms(int last) {
    int[] after = new int[last];
    int chars = 0;
    for (int at = last - 1; at >= 0; at--) {
      if (bytes[at] == UNQUOTABLE) {
        chars = 0;
      } else if (boundary[at]) {
        chars++;
      }
      after[at] = chars;
    }
    return Arrays.stream(starts).map(start -> after[start]).toArray();
  }

  private int[] sorted(int[] words, int count) {
    return Arrays.stream(words, 0, count).boxed().sorted(this::compare).mapToInt(i -> i).toArray();
  }

  private int compare(int left, int right) {
    return Arrays.compareUnsigned(
        bytes,
        left,
        Math.min(left + SORTED_BYTES, length),
        bytes,
        right,
        Math.min(right + SORTED_BYTES, length));
  }

  private static boolean startsWord(int previous, int point) {
    boolean behindWord = inWord(previous) && !inWord(point) && spaced(point);
    return mayStart(point) && !behindWord && !continues(previous, point);
  }

  /** Behind half a character a quote can't go on, so it may end before it whatever is there. */
  private static boolean endsWord(int previous, int point) {
    return isSurrogate(point) || !Character.isWhitespace(previous) && !continues(previous, point);
  }

  /** Whether a character belongs to the one before it: to its word, or as a mark on it. */
  private static boolean continues(int previous, int point) {
    if (isMark(point)) {
      return !Character.isWhitespace(previous) && !isSurrogate(previous);
    }
    return inWord(previous)
        && inWord(point)
        && (drawsOut(point) || spaced(previous) && spaced(point));
  }

  private static boolean inWord(int point) {
    return isMark(point) || Character.isLetterOrDigit(point);
  }

  /** Accents, vowel signs, and what selects the form of a symbol. */
  private static boolean isMark(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /** Whether a letter only changes the sound of that before it, as the long mark of kana does. */
  private static boolean drawsOut(int point) {
    return Character.getType(point) == Character.MODIFIER_LETTER
        && Character.UnicodeScript.of(point) == Character.UnicodeScript.COMMON;
  }

  private static boolean mayStart(int point) {
    return !Character.isWhitespace(point) && !isSurrogate(point);
  }

  /** Whether it is half a character. */
  static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  /** Whether the character belongs to a script that puts spaces between words. */
  private static boolean spaced(int point) {
    return switch (Character.UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> false;
      default -> true;
    };
  }

  private static int escape(int point, byte[] out, int at) {
    switch (point) {
      case '"', '\\' -> {
        out[at++] = '\\';
        out[at++] = (byte) point;
      }
      case '\n' -> at = pair(out, at, 'n');
      case '\r' -> at = pair(out, at, 'r');
      case '\t' -> at = pair(out, at, 't');
      case '\b' -> at = pair(out, at, 'b');
      case '\f' -> at = pair(out, at, 'f');
      default -> {
        if (point < 0x20) {
          at = pair(out, at, 'u');
          out[at++] = '0';
          out[at++] = '0';
          out[at++] = HEX[point >> 4];
          out[at++] = HEX[point & 0xF];
        } else if (isSurrogate(point)) {
          // Half a character has no UTF-8 form.
          out[at++] = UNQUOTABLE;
        } else {
          byte[] encoded = Character.toString(point).getBytes(StandardCharsets.UTF_8);
          System.arraycopy(encoded, 0, out, at, encoded.length);
          at += encoded.length;
        }
      }
    }
    return at;
  }

  private static int pair(byte[] out, int at, char letter) {
    out[at++] = '\\';
    out[at++] = (byte) letter;
    return at;
  }

  /** Bytes of the text as it stands in JSON. */
  public int length() {
    return length;
  }

  /** One of its bytes. */
  public byte at(int index) {
    return bytes[index];
  }

  /** Whether a character starts here, or the document ends. */
  public boolean boundary(int index) {
    return boundary[index];
  }

  /**
   * Whether a word ends here, in scripts without spaces a character, or the document. White space
   * is of no word.
   */
  boolean end(int index) {
    return end[index];
  }

  /** Whether a sentence or a line has likely just ended. */
  boolean sentenceEnds(int place) {
    byte before = place == 0 ? 0 : bytes[place - 1];
    boolean mark = before == '.' || before == '!' || before == '?';
    byte next = place < length ? bytes[place] : (byte) '\\';
    return next == '\\' || mark && next == ' ';
  }

  /** Bytes of the character that starts here; 0 at the document's end. */
  int characterBytes(int index) {
    int next = index;
    while (next < length && (next == index || !boundary[next])) {
      next++;
    }
    return next - index;
  }

  /** Number of places where words start; in scripts without spaces, where characters start. */
  public int startCount() {
    return starts.length;
  }

  /**
   * One of the places where words start. They are in the order of what stands there, so that words
   * that begin alike are neighbours.
   */
  public int start(int index) {
    return starts[index];
  }

  /** How many characters a quote that starts there can have. */
  int room(int index) {
    return rooms[index];
  }

  /** How many characters the longest quote can have; 0 where there is none. */
  int longest() {
    return longest;
  }
}
