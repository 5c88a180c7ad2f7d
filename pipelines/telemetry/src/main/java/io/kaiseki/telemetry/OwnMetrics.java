package io.kaiseki.telemetry;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Metrics that a part of this process keeps by itself, past OpenTelemetry, as Flink does. Every
 * {@link MetricsEndpoint} of the process shows them. They belong to the process because Flink makes
 * its reporters by the names of their classes, where nothing can be handed over.
 */
public final class OwnMetrics {

  private static final List<Text> ALL = new CopyOnWriteArrayList<>();

  private OwnMetrics() {}

  /** Writes metrics in the text format of Prometheus, version 0.0.4; called on any thread. */
  @FunctionalInterface
  public interface Text {
    void writeTo(Writer out) throws IOException;
  }

  /** Shows these from now on. */
  public static void show(Text metrics) {
    ALL.add(metrics);
  }

  /** Shows them no longer; nothing happens where they are not shown. */
  public static void hide(Text metrics) {
    ALL.remove(metrics);
  }

  static void writeAll(Writer out) throws IOException {
    for (Text metrics : ALL) {
      metrics.writeTo(out);
    }
  }
}
