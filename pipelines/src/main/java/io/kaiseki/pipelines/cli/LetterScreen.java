package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.deadletters.Fate;
import io.kaiseki.pipelines.deadletters.LetterCounts;
import io.kaiseki.pipelines.deadletters.LetterCounts.Tally;
import io.kaiseki.pipelines.deadletters.RedriveReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Shows dead letters to a person. */
final class LetterScreen {

  private static final String COLUMNS = "%-15s %-8s %-24s %9s %10s  %-24s %-24s%n";
  private static final int SHOWN = 20;

  private final PrintWriter out;

  LetterScreen(PrintWriter out) {
    this.out = out;
  }

  void counts(String topic, LetterCounts counts) {
    out.printf("%s: %,d dead letters%n", topic, counts.letters());
    if (counts.letters() > 0) {
      out.printf(COLUMNS, "reason", "stage", "analysis", "letters", "sent again", "first", "last");
    }
    for (Tally tally : counts.tallies()) {
      out.printf(
          COLUMNS,
          tally.group().reason(),
          printable(tally.group().stage()),
          printable(tally.group().analysis()),
          "%,d".formatted(tally.letters()),
          "%,d".formatted(tally.sentAgain()),
          tally.first(),
          tally.last());
    }
    unreadable(counts.unreadable());
  }

  void lines(List<Map<String, Object>> letters) {
    for (Map<String, Object> letter : letters) {
      out.println();
      letter.forEach((name, value) -> out.printf("  %-16s %s%n", name, printable("" + value)));
    }
  }

  void redriven(String topic, RedriveReport report) {
    out.printf(
        "%s: %,d %s %s%n",
        topic,
        report.count(Fate.SENT),
        report.count(Fate.SENT) == 1 ? "letter" : "letters",
        report.dryRun() ? "would be sent again" : "sent again");
    for (Fate fate : Fate.values()) {
      if (fate != Fate.SENT && report.count(fate) > 0) {
        out.printf("  %,d %s%n", report.count(fate), fate.words());
      }
    }
    unreadable(report.unreadable());
    report.keptBack().stream()
        .limit(SHOWN)
        .forEach(
            letter ->
                out.printf(
                    "  %s from %s, %s: %s%n",
                    letter.position(),
                    printable(letter.source()),
                    letter.reason(),
                    printable(letter.why())));
    report.noLetters().stream()
        .limit(SHOWN)
        .forEach(
            record ->
                out.printf("  %s can't be read: %s%n", record.position(), printable(record.why())));
    if (report.keptBack().size() > SHOWN || report.noLetters().size() > SHOWN) {
      out.printf("  and more; --report FILE lists them%n");
    }
  }

  private void unreadable(long records) {
    if (records > 0) {
      out.printf("  %,d records of the topic are no dead letters%n", records);
    }
  }

  /** Ids and messages may hold what a foreign schema or a sender wrote; it must not steer. */
  static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              int type = Character.getType(point);
              if (Character.isISOControl(point)
                  || type == Character.FORMAT
                  || type == Character.SURROGATE
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR) {
                safe.append("\\u{%x}".formatted(point));
              } else {
                safe.appendCodePoint(point);
              }
            });
    return safe.toString();
  }
}
