package io.kaiseki.inference.privacy;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * Finds international bank account numbers: two letters, two check digits, 11 to 30 more letters or
 * digits, of which the remainder modulo 97 is 1 (ISO 13616). Spaces may stand anywhere, one at a
 * time. Where the words behind a number could belong to it, the longest number that passes wins; a
 * wrong one passes with a chance of one in 97.
 */
record IbanDetector(String kind) implements Detector {

  private static final int FEWEST = 15;
  private static final int MOST = 34;

  @Override
  public void find(String text, Consumer<Found> found) {
    for (int i = 0; i + 4 <= text.length(); ) {
      int end = begins(text, i) ? longest(text, i) : -1;
      if (end > 0) {
        found.accept(new Found(i, end, kind, compact(text, i, end)));
        i = end;
      } else {
        i++;
      }
    }
  }

  private static boolean begins(String text, int at) {
    return AsciiText.isLetter(text.charAt(at))
        && AsciiText.isLetter(text.charAt(at + 1))
        && AsciiText.isDigit(text.charAt(at + 2))
        && AsciiText.isDigit(text.charAt(at + 3))
        && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)));
  }

  /** Where the longest number that begins here ends; -1 if there is none. */
  private static int longest(String text, int start) {
    int best = -1;
    int count = 0;
    boolean spaced = false;
    for (int i = start; i < text.length() && count <= MOST; i++) {
      char c = text.charAt(i);
      if (AsciiText.isSpace(c) && !spaced) {
        spaced = true;
      } else if (AsciiText.isLetterOrDigit(c)) {
        spaced = false;
        count++;
        boolean ends = i + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(i + 1));
        if (ends && count >= FEWEST && count <= MOST && valid(compact(text, start, i + 1))) {
          best = i + 1;
        }
      } else {
        break;
      }
    }
    return best;
  }

  private static String compact(String text, int start, int end) {
    StringBuilder compact = new StringBuilder();
    for (int i = start; i < end; i++) {
      if (!AsciiText.isSpace(text.charAt(i))) {
        compact.append(text.charAt(i));
      }
    }
    return compact.toString().toUpperCase(Locale.ROOT);
  }

  private static boolean valid(String iban) {
    int remainder = 0;
    for (int i = 0; i < iban.length(); i++) {
      // The country and the check digits count as if they stood at the end.
      int value = Character.digit(iban.charAt((i + 4) % iban.length()), 36);
      remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
    }
    return remainder == 1;
  }
}
