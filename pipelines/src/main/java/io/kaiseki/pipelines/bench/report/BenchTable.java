package io.kaiseki.pipelines.bench.report;

import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.arm.TokenTotals;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** A report for people, as text. */
public final class BenchTable {

  private static final String NONE = "-";

  private BenchTable() {}

  /** Tokens, the machine, a row for each arm, and how far answers agree. */
  public static String of(BenchReport report) {
    StringBuilder out = new StringBuilder();
    out.append(
        line("%n%s: documents in a pass: %d%n")
            .formatted(report.workload().name(), report.workload().documents().size()));
    report.tokens().ifPresent(tokens -> out.append(tokens(report, tokens)));
    report.medianRates().ifPresent(rates -> out.append(machine(report, rates)));
    report
        .ratesFailure()
        .ifPresent(
            reason ->
                out.append(
                    line("These rates could not be measured every time: %s%n").formatted(reason)));
    out.append(
        line("%n%-12s %5s  %12s  %11s  %7s  %9s  %7s  %14s%n")
            .formatted(
                "arm",
                "slots",
                "documents/h",
                "documents/s",
                "spread",
                "ceiling/s",
                "reached",
                "to llama-model"));
    for (BenchReport.Row row : report.rows()) {
      out.append(row(row));
    }
    answers(report, out);
    out.append(line("%n%s%n").formatted(BenchReport.CEILING));
    if (report.stopped()) {
      out.append(line("Stopped early: only whole passes are counted.%n"));
    }
    return out.toString();
  }

  private static String tokens(BenchReport report, TokenTotals tokens) {
    double count = tokens.documents();
    return String.format(
        Locale.ROOT,
        "Instructions of %d tokens; for a document %.0f tokens read, %.0f reasoned, %.0f"
            + " answered (%.0f of them forced)%n",
        report.sizing().prefix(),
        tokens.read() / count,
        tokens.reasoned() / count,
        (tokens.sampled() + tokens.forced()) / count,
        tokens.forced() / count);
  }

  private static String machine(BenchReport report, ModelRates rates) {
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "With %s on %d threads, this machine reads %.1f tokens/s (%.1f behind the"
                    + " instructions)",
                report.sizing().build(),
                report.settings().computeThreads(),
                rates.prefill(),
                rates.prefillBehind()));
    rates
        .decode()
        .forEach(
            (width, rate) ->
                out.append(
                    String.format(Locale.ROOT, ", decodes %.1f with %d at once", rate, width)));
    return out.append(line(".%n")).toString();
  }

  private static String row(BenchReport.Row row) {
    String line =
        String.format(
            Locale.ROOT,
            "%-12s %5d  %12s  %11s  %7s  %9s  %7s  %14s%n",
            row.arm().kind().word(),
            row.arm().slots(),
            shown(row.rate(), rate -> format("%.0f", rate.median() * 3600)),
            shown(row.rate(), rate -> format("%.3f", rate.median())),
            shown(row.rate(), rate -> format("%.1f%%", 100 * rate.relative())),
            shown(row.ceiling(), ceiling -> format("%.3f", ceiling)),
            shown(row.share(), share -> format("%.0f%%", 100 * share)),
            shown(row.toBestLlamaModel(), ratio -> format("%.2fx", ratio)));
    return line
        + row.arm().failure().map(reason -> line("    failed: %s%n").formatted(reason)).orElse("");
  }

  private static void answers(BenchReport report, StringBuilder out) {
    report
        .reference()
        .ifPresent(
            reference ->
                report.rows().stream()
                    .filter(row -> row.equality().isPresent())
                    .forEach(
                        row -> {
                          Equality equality = row.equality().get();
                          out.append(
                              String.format(
                                  Locale.ROOT,
                                  "%s with %d against %s with %d: equal answers: %d of %d; closed"
                                      + " fields equal: %.1f%%; characters of an answer:"
                                      + " %.0f against %.0f%s%n",
                                  row.arm().kind().word(),
                                  row.arm().slots(),
                                  reference.kind().word(),
                                  reference.slots(),
                                  equality.equal(),
                                  equality.documents(),
                                  100 * equality.closedShare(),
                                  row.arm().answerCharacters().orElse(0),
                                  reference.answerCharacters().orElse(0),
                                  equality.broken() == 0
                                      ? ""
                                      : "; break the contract: " + equality.broken()));
                        }));
  }

  private static <T> String shown(Optional<T> value, Function<T, String> how) {
    return value.map(how).orElse(NONE);
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** A format with the line ends of this system. */
  private static String line(String format) {
    return format.replace("%n", System.lineSeparator());
  }
}
