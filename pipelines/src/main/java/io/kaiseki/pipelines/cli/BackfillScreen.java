package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.EngineDescription;
import io.kaiseki.pipelines.backfill.BackfillListener;
import io.kaiseki.pipelines.backfill.BackfillResult;
import io.kaiseki.pipelines.backfill.Count;
import io.kaiseki.pipelines.backfill.Counts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows a backfill to the person who runs it. */
final class BackfillScreen implements BackfillListener, AutoCloseable {

  private final PrintWriter out;
  private final PrintWriter err;
  private final StopSignal stop;
  private @Nullable Progress comparing;
  private @Nullable Progress documents;
  private @Nullable Counts first;
  private long firstNanos;

  /**
   * A screen.
   *
   * @param out takes lines that stay
   * @param err takes progress
   */
  BackfillScreen(PrintWriter out, PrintWriter err, StopSignal stop) {
    this.out = out;
    this.err = err;
    this.stop = stop;
  }

  @Override
  public void counted(long files, long found, Map<String, Integer> passedOver) {
    say("Found %,d documents in %,d files.", found, files);
    if (!passedOver.isEmpty()) {
      say(
          "Passed over: %s.",
          passedOver.entrySet().stream()
              .map(entry -> entry.getValue() + " " + entry.getKey())
              .collect(Collectors.joining(", ")));
    }
  }

  /** The model that answers is loaded. */
  void loaded(EngineDescription engine) {
    say("Model %s, %d documents at the same time.", engine.model(), engine.slots());
  }

  @Override
  public void comparing(long done, long total) {
    if (comparing == null) {
      comparing = Progress.ofDocuments("Results", err);
    }
    comparing.advanced(done, total);
  }

  @Override
  public void awaitsTransactions(Duration longest) {
    say(
        "Transactions are open in the results topic, of another job or of a process that was killed;"
            + " waiting for what is committed behind them, for %s at most.",
        BenchScreen.shown(longest));
  }

  @Override
  public void compared(long results, long bytes) {
    close();
    say(
        "The results topic holds %,d documents of this analysis (%.1f MB); those that are"
            + " unchanged are skipped.",
        results, bytes / 1e6);
  }

  @Override
  public void started(String run, Optional<String> checkpoint, long total) {
    say(
        "%s %s. Ctrl-C stops it; the same command goes on.",
        run, checkpoint.map(from -> "goes on from " + from).orElse("begins"));
  }

  @Override
  public void progress(Counts counts, long total) {
    if (documents == null) {
      documents = Progress.ofDocuments("Documents", err);
      first = counts;
      firstNanos = System.nanoTime();
    }
    documents.note(note(counts, total));
    documents.advanced(counts.settled(), total);
  }

  @Override
  public boolean stopRequested() {
    return stop.isRequested();
  }

  /** What has come of it. */
  void summary(BackfillResult result) {
    close();
    Counts counts = result.counts();
    line("Documents", "%,d read", counts.of(Count.DOCUMENTS));
    line(
        "Outcomes",
        "%,d results + %,d dead letters + %,d skipped, because they had a result",
        counts.of(Count.RESULTS),
        counts.of(Count.DEAD_LETTERS),
        counts.of(Count.SKIPPED));
    line(
        "Tokens",
        "%,d read (and %,d of the shared prefix not read again), %,d reasoned, %,d answered",
        counts.of(Count.TOKENS_READ),
        counts.of(Count.TOKENS_REUSED),
        counts.of(Count.TOKENS_REASONED),
        counts.of(Count.TOKENS_ANSWERED));
    line(
        "Throughput",
        "%.2f documents/s, %.1f tokens/s in %.1f s",
        result.documentsPerSecond(),
        result.tokensPerSecond(),
        result.seconds());
    switch (result.end()) {
      case COMPLETE -> say("Every document has an outcome.");
      case INCOMPLETE ->
          say(
              "%,d documents have no outcome; the log says more.",
              counts.of(Count.DOCUMENTS) - counts.settled());
      case STOPPED ->
          say(
              "Stopped. The same command goes on with run %s from its last checkpoint.",
              result.run());
    }
  }

  @Override
  public void close() {
    if (comparing != null) {
      comparing.close();
      comparing = null;
    }
    if (documents != null) {
      documents.close();
      documents = null;
    }
  }

  /** How fast it goes in this process: documents that an earlier one has done say nothing of it. */
  private String note(Counts counts, long total) {
    double seconds = (System.nanoTime() - firstNanos) / 1e9;
    Counts from = first == null ? Counts.NONE : first;
    long settled = counts.settled() - from.settled();
    if (seconds < 1 || settled <= 0) {
      return "%d dead letters, %d skipped"
          .formatted(counts.of(Count.DEAD_LETTERS), counts.of(Count.SKIPPED));
    }
    Duration left =
        Duration.ofMillis((long) (1000 * seconds * (total - counts.settled()) / settled));
    return String.format(
        Locale.ROOT,
        "%.1f docs/s, %.0f tokens/s, %s left, %d dead letters, %d skipped",
        settled / seconds,
        (counts.tokens() - from.tokens()) / seconds,
        BenchScreen.shown(left.isNegative() ? Duration.ZERO : left),
        counts.of(Count.DEAD_LETTERS),
        counts.of(Count.SKIPPED));
  }

  private void line(String name, String format, Object... values) {
    out.printf("%-14s %s%n", name, String.format(Locale.ROOT, format, values));
    out.flush();
  }

  private void say(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }
}
