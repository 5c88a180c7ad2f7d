package io.kaiseki.inference.longdocument;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a text may be cut. A heading is the best place, then a paragraph, a sentence, a line, and a
 * word; where there is none of these, as in one long number, between what a reader takes for
 * characters. White space stays with what stands before it, so parts joined make the text again.
 */
final class TextBoundaries {

  /** What a reader takes for one character (Unicode Standard Annex 29). */
  private static final Pattern GRAPHEME = Pattern.compile("\\X");

  /**
   * Markdown's headings, numbered ones, and the words that laws and contracts begin them with. A
   * false find does no harm: it is the start of a line all the same.
   */
  private static final Pattern HEADING =
      Pattern.compile(
          "#{1,6}[ \\t]+\\S.*"
              + "|§+[ \\t]*\\d.*"
              + "|(?iu:article|section|chapter|part|annex|appendix|schedule|exhibit|clause|artikel"
              + "|abschnitt|kapitel|teil|anlage|anhang|annexe|chapitre|titre|artículo|capítulo"
              + "|anexo|articolo|capitolo|allegato|artigo)[ \\t]+(?:\\d|[IVXLC]+\\b).*"
              + "|\\d{1,3}(?:\\.\\d{1,3}){0,4}[.)]?[ \\t]+\\p{Lu}.*[^.,;]");

  private static final int LONGEST_HEADING = 120;

  /** Characters behind a place that may decide whether a sentence or word ends there. */
  private static final int LOOK_AHEAD = 128;

  private TextBoundaries() {}

  /**
   * The best place for a cut.
   *
   * @param from start of the part
   * @param to the latest place; over {@code from} and inside the text
   * @param given the greatest part of the text between the two that a better place is worth, 0 to 1
   * @return over {@code from} and at most {@code to}; no earlier than that where there is anything
   *     better than the border of a character
   */
  static int best(String text, int from, int to, double given) {
    int low = from + (int) ((to - from) * (1 - given));
    int cut = heading(text, low, to);
    if (cut <= low) {
      cut = paragraph(text, low, to);
    }
    if (cut <= low) {
      cut = broken(BreakIterator.getSentenceInstance(Locale.ROOT), text, low, to);
    }
    if (cut <= low) {
      cut = lineStart(text, low, to);
    }
    if (cut <= low) {
      cut = broken(BreakIterator.getLineInstance(Locale.ROOT), text, low, to);
    }
    if (cut <= low) {
      cut = to;
    }
    if (!endsCharacter(text, from, cut)) {
      // Those who break lines take apart what the newest emoji are joined from.
      int whole = grapheme(text, from, cut);
      cut = whole > from ? whole : cut;
    }
    return whole(text, from, cut);
  }

  /** The place itself, or one beside it that is not in the middle of a surrogate pair. */
  static int whole(String text, int from, int cut) {
    if (cut <= 0 || cut >= text.length() || !splitsPair(text, cut)) {
      return cut;
    }
    return cut - 1 > from ? cut - 1 : cut + 1;
  }

  private static boolean splitsPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at - 1))
        && Character.isLowSurrogate(text.charAt(at));
  }

  /**
   * Start of the last line that begins at or before a place; {@code low} if none begins after that.
   * It looks no further back: a long text may be one line.
   */
  private static int lineStart(String text, int low, int at) {
    int start = at;
    while (start > low && text.charAt(start - 1) != '\n') {
      start--;
    }
    return start;
  }

  private static int heading(String text, int low, int to) {
    int start = lineStart(text, low, to);
    while (start > low && !isHeading(text, start)) {
      start = lineStart(text, low, start - 1);
    }
    return start;
  }

  private static boolean isHeading(String text, int start) {
    int end = text.indexOf('\n', start);
    int stop = end < 0 ? text.length() : end;
    return stop - start <= LONGEST_HEADING
        && HEADING.matcher(text.substring(start, stop).strip()).matches();
  }

  private static int paragraph(String text, int low, int to) {
    int start = lineStart(text, low, to);
    while (start > low) {
      if (followsBlankLine(text, start) && start < text.length() && !blankLine(text, start)) {
        return start;
      }
      start = lineStart(text, low, start - 1);
    }
    return start;
  }

  /** Whether the line before the one that starts here is blank; it may begin before any bound. */
  private static boolean followsBlankLine(String text, int start) {
    int i = start - 2;
    while (i >= 0 && text.charAt(i) != '\n' && Character.isWhitespace(text.charAt(i))) {
      i--;
    }
    return i < 0 || text.charAt(i) == '\n';
  }

  private static boolean blankLine(String text, int start) {
    for (int i = start; i < text.length() && text.charAt(i) != '\n'; i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int broken(BreakIterator breaks, String text, int low, int to) {
    breaks.setText(text.substring(low, Math.min(text.length(), to + LOOK_AHEAD)));
    int last = breaks.preceding(Math.min(to - low + 1, breaks.getText().getEndIndex()));
    return last == BreakIterator.DONE ? low : low + last;
  }

  /** Whether a reader's character ends here, as far as what stands near can tell. */
  private static boolean endsCharacter(String text, int from, int at) {
    int start = at - 1;
    while (start > Math.max(from, at - LOOK_AHEAD) && !Character.isWhitespace(text.charAt(start))) {
      start--;
    }
    Matcher matcher =
        GRAPHEME.matcher(text).region(start, Math.min(text.length(), at + LOOK_AHEAD));
    int end = start;
    while (end < at && matcher.find()) {
      end = matcher.end();
    }
    return end == at;
  }

  private static int grapheme(String text, int from, int to) {
    Matcher matcher = GRAPHEME.matcher(text).region(from, Math.min(text.length(), to + LOOK_AHEAD));
    int last = from;
    while (matcher.find() && matcher.end() <= to) {
      last = matcher.end();
    }
    return last;
  }
}
