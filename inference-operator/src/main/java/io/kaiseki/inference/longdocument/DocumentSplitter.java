package io.kaiseki.inference.longdocument;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;

/**
 * Cuts a text into parts that fit, by the model's own count. Parts do not overlap: cuts are at
 * headings and paragraphs nearly always, and a passage that stood in two parts would vote twice.
 * Joined, the parts are the text again.
 *
 * <p>Equal texts are cut in equal ways. Not thread-safe.
 */
final class DocumentSplitter {

  /** Characters for each token, before the first count. */
  private static final double USUAL_CHARACTERS_PER_TOKEN = 3;

  /** What is given up of a part so that it ends well: a heading is worth up to half of it. */
  private static final Cut ANYWHERE = new Cut(0.5, 0.9);

  /** What comes after the first part is lost where there is no second one. */
  private static final Cut LATE = new Cut(0.05, 0.98);

  private static final int MOST_COUNTS = 8;

  private final ToIntFunction<String> tokens;
  private final int limit;
  private double charactersPerToken = USUAL_CHARACTERS_PER_TOKEN;

  /**
   * @param tokens counts the tokens of a text
   * @param limit most tokens of a part; at least those of one character
   */
  DocumentSplitter(ToIntFunction<String> tokens, int limit) {
    this.tokens = tokens;
    this.limit = limit;
  }

  /**
   * All parts of a text, in its order; none is empty, but one may be blank.
   *
   * @param stop asked before each part; once it says so, the parts found so far are returned
   */
  List<String> split(String text, BooleanSupplier stop) {
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < text.length() && !stop.getAsBoolean(); ) {
      int to = end(text, from, ANYWHERE);
      parts.add(text.substring(from, to));
      from = to;
    }
    return parts;
  }

  /** As much of the beginning of a text that is not empty as fits, to the end of a sentence. */
  String first(String text) {
    return text.substring(0, end(text, 0, LATE));
  }

  /**
   * How a part ends.
   *
   * @param given the greatest part of it that a better end is worth, 0 to 1
   * @param full a part that uses so much of the limit is not worth another count, 0 to 1
   */
  private record Cut(double given, double full) {}

  private int end(String text, int from, Cut cut) {
    int fit = longestFit(text, from, cut.full());
    if (fit == text.length()) {
      return fit;
    }
    int end = TextBoundaries.best(text, from, fit, cut.given());
    // A shorter text takes more tokens only in odd cases, where the cut parts a token.
    while (end - from > 2 && count(text, from, end) > limit) {
      end = TextBoundaries.best(text, from, from + (end - from) * 3 / 4, cut.given());
    }
    return end;
  }

  /** About the longest text from here that fits; found with few counts, since they take time. */
  private int longestFit(String text, int from, double full) {
    int remaining = text.length() - from;
    int fits = 0;
    int tooLong = remaining + 1;
    int guess = clamped((int) Math.min(remaining, limit * charactersPerToken), 1, remaining);
    for (int counts = 0; fits + 1 < tooLong; counts++) {
      int end = TextBoundaries.whole(text, from, from + guess);
      int count = count(text, from, end);
      if (count <= limit) {
        fits = Math.max(fits, end - from);
        if (fits == remaining || count >= limit * full) {
          break;
        }
      } else {
        tooLong = Math.min(tooLong, guess);
      }
      charactersPerToken = (end - from) / (double) Math.max(1, count);
      if (fits > 0 && counts >= MOST_COUNTS) {
        break;
      }
      int next =
          counts < MOST_COUNTS
              ? (int) Math.min(remaining, limit * charactersPerToken * (1 + full) / 2)
              : guess / 2;
      guess = clamped(next, fits + 1, tooLong - 1);
    }
    return TextBoundaries.whole(text, from, from + Math.max(1, fits));
  }

  private int count(String text, int from, int to) {
    return tokens.applyAsInt(text.substring(from, to));
  }

  private static int clamped(int value, int least, int most) {
    return Math.max(least, Math.min(value, most));
  }
}
