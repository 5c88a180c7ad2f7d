package io.kaiseki.pipelines.eval.report;

import io.kaiseki.pipelines.eval.metrics.ClosedScore;
import io.kaiseki.pipelines.eval.metrics.Confusions;
import io.kaiseki.pipelines.eval.metrics.OpenScore;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import io.kaiseki.pipelines.eval.score.Usage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** A report for the terminal. */
public final class EvalTable {

  private static final String NONE = "-";
  private static final int PAIRS = 5;

  private final EvalReport report;
  private final StringBuilder out = new StringBuilder();

  private EvalTable(EvalReport report) {
    this.report = report;
  }

  /** Fields, mistakes, tokens and speed, and whatever was compared. */
  public static String of(EvalReport report) {
    EvalTable table = new EvalTable(report);
    report.frontier().ifPresent(table::frontier);
    table.run(report.evaluation());
    report
        .comparison()
        .ifPresent(
            comparison -> {
              table.line("");
              comparison
                  .sentences(report.evaluation().labels().fields())
                  .forEach(sentence -> table.line("%s", sentence));
            });
    return table.out.toString();
  }

  private void run(Evaluation run) {
    line("");
    line(
        "%s, reasoning %s, on %s: %d of %d documents of %s",
        run.pass().analysis().name(),
        run.pass().reasoning().describe(),
        run.pass().engine().model(),
        run.predictions().size(),
        run.labels().rows(),
        run.labels().file());
    if (!run.inScope().isEmpty()) {
      line("");
      line(
          "%-22s %8s  %-13s %8s %6s %6s %6s %6s %6s %6s",
          "closed field",
          "accuracy",
          "(95%)",
          "macro-F1",
          "ECE",
          "scaled",
          "T",
          "beta",
          "AURC",
          "kept");
      run.inScope().forEach(this::closed);
    }
    if (!run.open().isEmpty()) {
      line("");
      line(
          "%-22s %8s  %-13s %9s %9s %6s %6s",
          "other field", "exact", "(95%)", "overlap-F1", "precision", "recall", "F1");
      run.open().forEach(this::open);
    }
    fewLabels(run);
    run.closed().forEach(this::mistakes);
    run.closed().forEach(this::outOfScope);
    failures(run);
    usage(run);
  }

  private void closed(String name, ClosedScore score) {
    Optional<ClosedScore.Trust> trust = score.trust();
    line(
        "%-22s %8s  %-13s %8.3f %6s %6s %6s %6s %6s %6s",
        name,
        percent(score.accuracy().value()),
        interval(score.accuracy().lower(), score.accuracy().upper()),
        score.confusions().macroF1(),
        trust.map(of -> format("%.3f", of.reliability().ece())).orElse(NONE),
        trust.map(of -> number("%.3f", of.eceScaled())).orElse(NONE),
        trust
            .flatMap(ClosedScore.Trust::scaling)
            .map(scaling -> format("%.2f", scaling.temperature()))
            .orElse(NONE),
        trust.map(of -> number("%.3f", of.eceCalibrated())).orElse(NONE),
        trust.map(of -> format("%.3f", of.riskCoverage().aurc())).orElse(NONE),
        percent(score.coverage().value()));
  }

  private void open(String name, OpenScore score) {
    line(
        "%-22s %8s  %-13s %9.3f %9.3f %6.3f %6.3f",
        name,
        percent(score.exact().value()),
        interval(score.exact().lower(), score.exact().upper()),
        score.overlapF1(),
        score.precision(),
        score.recall(),
        score.f1());
  }

  /** Where people have judged some fields of some documents, each figure has its own number. */
  private void fewLabels(Evaluation run) {
    Map<String, Integer> labelled = new LinkedHashMap<>();
    run.closed()
        .forEach(
            (name, score) ->
                labelled.put(
                    name,
                    score.accuracy().total()
                        + score.outOfScope().map(outside -> outside.left().total()).orElse(0)));
    run.open().forEach((name, score) -> labelled.put(name, score.exact().total()));
    int documents = run.predictions().size();
    if (labelled.values().stream().anyMatch(count -> count < documents)) {
      line("");
      line(
          "Labels of %d documents: %s",
          documents,
          labelled.entrySet().stream()
              .map(field -> field.getKey() + " " + field.getValue())
              .collect(Collectors.joining(", ")));
    }
  }

  private void mistakes(String name, ClosedScore score) {
    List<Confusions.Pair> pairs = score.confusions().pairs(PAIRS);
    if (!pairs.isEmpty()) {
      line("");
      line("%s, most frequent mistakes (true -> answered):", name);
      pairs.forEach(pair -> line("  %4d  %s -> %s", pair.count(), pair.truth(), pair.answer()));
    }
  }

  private void outOfScope(String name, ClosedScore score) {
    score
        .outOfScope()
        .ifPresent(
            outside ->
                line(
                    "%s: %d out-of-scope documents, %s left without a label; AUROC %s",
                    name,
                    outside.left().total(),
                    percent(outside.left().value()),
                    number("%.3f", outside.auroc())));
  }

  private void failures(Evaluation run) {
    if (!run.failures().isEmpty()) {
      line("");
      line("Failed, and counted as wrong:");
      Words.failures(run).forEach(failure -> line("  %s", failure));
    }
  }

  private void usage(Evaluation run) {
    Usage usage = run.usage();
    line("");
    line(
        "Tokens   %.1f read, %.1f reasoned, %.1f answered (%.1f of them forced) for a document;"
            + " %.0f of instructions once",
        usage.document(), usage.reasoning(), usage.answer(), usage.forced(), usage.prefix());
    line(
        "Speed    %.3f documents/s, %.0f an hour; thought about %s",
        run.pass().documentsPerSecond(),
        run.pass().documentsPerSecond() * 3600,
        percent(usage.thought()));
    Words.escalated(run).ifPresent(words -> line("Cascade  %s", words));
    report
        .costPerDocument()
        .ifPresent(
            cost ->
                line(
                    "Cost     %.6f a document, at %.2f an hour",
                    cost, report.costPerHour().getAsDouble()));
  }

  private void frontier(Frontier frontier) {
    line("");
    line(
        "%-26s %8s %6s %12s %8s %18s %8s %11s %11s %8s",
        "reasoning",
        "accuracy",
        "failed",
        "tokens/doc",
        "docs/s",
        "times always",
        "thought",
        "only always",
        "only this",
        "p");
    for (Frontier.Point point : frontier.points()) {
      line(
          "%-26s %8s %6d %12.1f %8.3f %18s %8s %11d %11d %8.3g",
          point.policy().describe(),
          percent(point.accuracy()),
          point.evaluation().failed(),
          point.tokensPerDocument(),
          point.evaluation().pass().documentsPerSecond(),
          Words.spread(point.speedup()),
          percent(point.evaluation().usage().thought()),
          point.againstAlways().onlyFirst(),
          point.againstAlways().onlySecond(),
          point.againstAlways().p());
    }
    line("");
    line("%s", Words.proposal(frontier));
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }

  private static String percent(double part) {
    return format("%.1f%%", 100 * part);
  }

  private static String interval(double lower, double upper) {
    return format("%.1f", 100 * lower) + "-" + format("%.1f%%", 100 * upper);
  }

  private static String number(String format, OptionalDouble value) {
    return value.isPresent() ? format(format, value.getAsDouble()) : NONE;
  }

  private static String format(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
