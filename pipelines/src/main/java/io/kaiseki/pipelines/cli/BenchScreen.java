package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.BenchListener;
import io.kaiseki.pipelines.bench.arm.Sizing;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows where a bench stands: a line for each step, and its documents while a person watches. */
final class BenchScreen implements BenchListener, AutoCloseable {

  private final PrintWriter out;
  private final PrintWriter err;
  private @Nullable Progress documents;

  /**
   * @param out takes the lines
   * @param err takes the progress of documents
   */
  BenchScreen(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void sized(Sizing sizing) {
    say(
        "Instructions of %d tokens, the longest document of %d, the one of median length of %d.",
        sizing.prefix(), sizing.longestDocument(), sizing.typicalDocument());
  }

  @Override
  public void begins(int round, int rounds, String step, Optional<Duration> left) {
    say(
        "Round %d of %d: %s%s",
        round, rounds, step, left.map(time -> ", " + shown(time) + " left").orElse(""));
  }

  @Override
  public void rates(ModelRates rates) {
    StringBuilder decode = new StringBuilder();
    rates
        .decode()
        .forEach(
            (width, rate) ->
                decode.append(
                    String.format(Locale.ROOT, ", decodes %.1f with %d at once", rate, width)));
    say(
        "  reads %.1f tokens/s (%.1f behind the instructions)%s",
        rates.prefill(), rates.prefillBehind(), decode);
  }

  @Override
  public synchronized void documents(long done, long total) {
    Progress shown = documents;
    if (shown == null) {
      shown = Progress.ofDocuments("  Documents", err);
      documents = shown;
    }
    shown.advanced(done, total);
  }

  @Override
  public void passed(double rate) {
    close();
    say("  %.3f documents/s", rate);
  }

  @Override
  public void failed(String reason) {
    close();
    say("  failed: %s", reason);
  }

  @Override
  public synchronized void close() {
    if (documents != null) {
      documents.close();
      documents = null;
    }
  }

  private void say(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }

  static String shown(Duration time) {
    if (time.toMinutes() >= 90) {
      return "about %d h %d min".formatted(time.toHours(), time.toMinutesPart());
    }
    return time.toSeconds() >= 90
        ? "about %d min".formatted(Math.round(time.toSeconds() / 60.0))
        : "about %d s".formatted(time.toSeconds());
  }
}
