package io.kaiseki.inference.privacy;

import java.util.List;
import java.util.Map;

/** A text with placeholders, and where they came from. */
final class MaskedText {

  /**
   * A placeholder.
   *
   * @param start its start in the masked text
   * @param end its end there
   * @param originalStart start of the value in the original
   * @param originalEnd end of the value there
   */
  record Placeholder(int start, int end, int originalStart, int originalEnd) {}

  private final String original;
  private final String text;
  private final List<Placeholder> placeholders;
  private final Map<String, Integer> counts;

  MaskedText(
      String original, String text, List<Placeholder> placeholders, Map<String, Integer> counts) {
    this.original = original;
    this.text = text;
    this.placeholders = List.copyOf(placeholders);
    this.counts = Map.copyOf(counts);
  }

  /** The text as the model may see it. */
  String text() {
    return text;
  }

  /** Distinct values by kind. */
  Map<String, Integer> counts() {
    return counts;
  }

  /**
   * The original's words for a quote of the masked text. It is looked for where it neither begins
   * nor ends inside of a placeholder; if it stands nowhere so, the whole value belongs to it.
   *
   * @param maxLength most code points; what is longer is cut off behind them
   * @return part of the original; the quote itself where it is no quote
   */
  String unmasked(String quote, int maxLength) {
    int at = text.indexOf(quote);
    if (at < 0 || quote.isEmpty()) {
      return quote;
    }
    for (int next = at; next >= 0; next = text.indexOf(quote, next + 1)) {
      if (!inside(next) && !inside(next + quote.length())) {
        at = next;
        break;
      }
    }
    String words = original.substring(startOf(at), endOf(at + quote.length()));
    return words.codePointCount(0, words.length()) <= maxLength
        ? words
        : words.substring(0, words.offsetByCodePoints(0, maxLength));
  }

  private boolean inside(int at) {
    int low = 0;
    int high = placeholders.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (placeholders.get(middle).end <= at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < placeholders.size() && placeholders.get(low).start < at;
  }

  private int startOf(int at) {
    int shift = 0;
    for (Placeholder placeholder : placeholders) {
      if (placeholder.start >= at) {
        break;
      }
      if (at < placeholder.end) {
        return placeholder.originalStart;
      }
      shift = placeholder.originalEnd - placeholder.end;
    }
    return at + shift;
  }

  private int endOf(int at) {
    int shift = 0;
    for (Placeholder placeholder : placeholders) {
      if (placeholder.start >= at) {
        break;
      }
      if (at < placeholder.end) {
        return placeholder.originalEnd;
      }
      shift = placeholder.originalEnd - placeholder.end;
    }
    return at + shift;
  }
}
