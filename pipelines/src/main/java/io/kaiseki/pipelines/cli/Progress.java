package io.kaiseki.pipelines.cli;

import java.io.Console;
import java.io.PrintWriter;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far something has come: a bar where a person watches, and otherwise a line for each tenth, so
 * that a log stays readable.
 */
final class Progress implements AutoCloseable {

  private static final int WIDTH = 100;
  private static final int REFRESH_MILLIS = 250;

  private final String task;
  private final PrintWriter out;
  private final @Nullable ProgressBar bar;
  private long tenths;
  private String words = "";

  private Progress(String task, PrintWriter out, @Nullable ProgressBar bar) {
    this.task = task;
    this.out = out;
    this.bar = bar;
  }

  static Progress ofBytes(String task, PrintWriter out) {
    return of(task, " MiB", 1 << 20, out);
  }

  static Progress ofDocuments(String task, PrintWriter out) {
    return of(task, " docs", 1, out);
  }

  static Progress ofRecords(String task, PrintWriter out) {
    return of(task, " records", 1, out);
  }

  private static Progress of(String task, String unit, long unitSize, PrintWriter out) {
    Console console = System.console();
    if (console == null || !isTerminal(Console.class, console)) {
      return new Progress(task, out, null);
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUnit(unit, unitSize)
            .showSpeed()
            .setSpeedUnit(java.time.temporal.ChronoUnit.SECONDS)
            .setUpdateIntervalMillis(REFRESH_MILLIS)
            .setConsumer(
                new DelegatingProgressBarConsumer(
                    line -> {
                      out.print('\r' + line);
                      out.flush();
                    },
                    WIDTH))
            .continuousUpdate()
            .build();
    return new Progress(task, out, bar);
  }

  /**
   * Whether a person watches. From Java 22 on, a process has a console wherever its output goes,
   * and the console knows; this is compiled for Java 17, whose console does not.
   */
  static <T> boolean isTerminal(Class<T> type, T console) {
    try {
      return Boolean.TRUE.equals(type.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException before22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Tells how much is done, of how much in all; an unknown total is 0 or less. */
  void advanced(long done, long total) {
    if (bar != null) {
      bar.maxHint(total);
      bar.stepTo(done);
    } else if (total > 0 && done * 10 / total > tenths) {
      tenths = done * 10 / total;
      out.printf("%s: %d%%%s%n", task, tenths * 10, words.isEmpty() ? "" : ", " + words);
      out.flush();
    }
  }

  /** Puts a few words behind the bar, or behind the lines that follow. */
  void note(String words) {
    this.words = words;
    if (bar != null) {
      bar.setExtraMessage(" " + words);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      out.println();
      out.flush();
    }
  }
}
