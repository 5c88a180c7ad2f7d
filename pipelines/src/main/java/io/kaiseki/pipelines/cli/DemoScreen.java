package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.demo.DemoListener;
import io.kaiseki.pipelines.demo.DemoOptions;
import io.kaiseki.pipelines.demo.DemoResult;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.demo.Tally;
import io.kaiseki.schemas.FieldConfidence;
import io.kaiseki.schemas.envelope.Result;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** Shows a demo to the person who runs it. */
final class DemoScreen implements DemoListener, AutoCloseable {

  private static final int LABEL_COLUMNS = 5;
  private static final int ID_WIDTH = 12;
  private static final int LABEL_WIDTH = 24;

  private final PrintWriter out;
  private final DemoOptions options;
  private final StopSignal stop;
  private @Nullable Progress progress;

  DemoScreen(PrintWriter out, DemoOptions options, StopSignal stop) {
    this.out = out;
    this.options = options;
    this.stop = stop;
  }

  void welcome() {
    styled(
        "@|bold Kaiseki demo|@: tickets on Kafka, a model inside Flink, typed results on Kafka.");
    if (options.model().isEmpty()) {
      styled(
          "@|faint No --model: the small one that ships answers. It is not DeepSeek-R1 and is"
              + " wrong about one category in twenty.|@");
    }
    out.flush();
  }

  @Override
  public void started(Phase phase) {
    if (phase == Phase.DOCUMENTS) {
      progress = Progress.ofDocuments("Tickets", out);
    }
  }

  @Override
  public void ended(Phase phase, Duration time, String detail) {
    if (phase == Phase.DOCUMENTS) {
      close();
    }
    styled(
        "@|green ✓|@ %-20s %6.1f s   %s"
            .formatted(phase.title(), time.toMillis() / 1000.0, detail));
    out.flush();
  }

  @Override
  public void progress(Tally tally) {
    if (progress != null) {
      progress.advanced(tally.results() + tally.deadLetters(), options.documents().orElse(-1));
      progress.note("%d results, %d dead letters".formatted(tally.results(), tally.deadLetters()));
    }
  }

  @Override
  public boolean stopRequested() {
    return stop.isRequested();
  }

  /** What has come of it. */
  void summary(DemoResult result) {
    Tally tally = result.tally();
    out.println();
    samples(tally);
    line("Documents", "%,d sent", tally.documents());
    line(
        "Outcomes",
        "%,d results + %,d dead letters, %,d duplicates (counted by a read_committed consumer)",
        tally.results(),
        tally.deadLetters(),
        tally.duplicates());
    line("Throughput", "%.2f documents/s", result.documentsPerSecond());
    line("Latency", "%s from topic to topic, commits included", percentiles(tally.latencyMillis()));
    line("Model", "%s for one document", percentiles(tally.modelMillis()));
    Map<String, Long> tokens = tally.tokens();
    line(
        "Tokens",
        "%,d read (and %,d of the shared prefix not read again), %,d reasoned, %,d answered",
        tokens.get("input"),
        tokens.get("reusedPrefix"),
        tokens.get("reasoning"),
        tokens.get("answer"));
    if (tally.deadLetters() > 0) {
      line(
          "Dead letters",
          "%s",
          tally.deadByReason().entrySet().stream()
              .map(entry -> entry.getValue() + " " + entry.getKey())
              .collect(Collectors.joining(", ")));
    }
    verdict(tally);
    out.println();
    out.flush();
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }

  private void verdict(Tally tally) {
    if (tally.isExact()) {
      styled("@|bold,green Every document came out exactly once.|@");
    } else if (tally.duplicates() == 0 && stop.isRequested()) {
      styled("@|bold Stopped with %d documents on their way.|@".formatted(tally.open()));
    } else {
      styled(
          "@|bold,red %d documents did not come out, %d came out more than once.|@"
              .formatted(Math.max(0, tally.open()), tally.duplicates()));
    }
  }

  /** The closed fields of the first results: labels with their probabilities. */
  private void samples(Tally tally) {
    if (tally.samples().isEmpty()) {
      return;
    }
    List<String> fields =
        tally.samples().get(0).result().confidences().stream()
            .map(FieldConfidence::getField)
            .limit(LABEL_COLUMNS)
            .toList();
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(ID_WIDTH, 0, Column.Overflow.TRUNCATE));
    fields.forEach(field -> columns.add(new Column(LABEL_WIDTH, 0, Column.Overflow.TRUNCATE)));
    TextTable table = TextTable.forColumns(colors(), columns.toArray(Column[]::new));
    List<String> header = new ArrayList<>(List.of("ticket"));
    header.addAll(fields);
    table.addRowValues(header.toArray(String[]::new));
    for (Received.Answered sample : tally.samples()) {
      table.addRowValues(row(sample.result(), fields));
    }
    out.println(table);
  }

  private static String[] row(Result result, List<String> fields) {
    Map<String, FieldConfidence> byField =
        result.confidences().stream()
            .collect(Collectors.toMap(FieldConfidence::getField, one -> one, (a, b) -> a));
    List<String> row = new ArrayList<>(List.of(result.documentId()));
    for (String field : fields) {
      FieldConfidence confidence = byField.get(field);
      row.add(
          confidence == null
              ? ""
              : "%s %.0f%%".formatted(confidence.getLabel(), 100 * confidence.getProbability()));
    }
    return row.toArray(String[]::new);
  }

  private static String percentiles(Histogram millis) {
    return String.format(
        Locale.ROOT,
        "p50 %.2f s, p95 %.2f s, p99 %.2f s",
        millis.getValueAtPercentile(50) / 1000.0,
        millis.getValueAtPercentile(95) / 1000.0,
        millis.getValueAtPercentile(99) / 1000.0);
  }

  private void line(String name, String format, Object... values) {
    out.printf("%-14s %s%n", name, String.format(Locale.ROOT, format, values));
  }

  private void styled(String markup) {
    out.println(Ansi.AUTO.string(markup));
  }

  private static picocli.CommandLine.Help.ColorScheme colors() {
    return picocli.CommandLine.Help.defaultColorScheme(Ansi.AUTO);
  }
}
