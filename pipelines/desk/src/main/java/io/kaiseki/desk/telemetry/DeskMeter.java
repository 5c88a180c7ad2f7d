package io.kaiseki.desk.telemetry;

import io.kaiseki.pipelines.config.DeskMetric;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Instruments of the process' own telemetry, which is started before anything is measured; where
 * there is none, they do nothing. Safe for use by many threads.
 */
public final class DeskMeter {

  private static final String SCOPE = "io.kaiseki.desk";

  /** Of the convention for the duration of requests, in seconds. */
  private static final List<Double> SECONDS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

  private DeskMeter() {}

  /** A counter. */
  public static LongCounter counter(DeskMetric metric) {
    return meter()
        .counterBuilder(metric.metricName())
        .setUnit(metric.unit())
        .setDescription(metric.description())
        .build();
  }

  /** A histogram of seconds. */
  public static DoubleHistogram seconds(DeskMetric metric) {
    return meter()
        .histogramBuilder(metric.metricName())
        .setUnit(metric.unit())
        .setDescription(metric.description())
        .setExplicitBucketBoundariesAdvice(SECONDS)
        .build();
  }

  /**
   * A gauge.
   *
   * @param reading called at each scrape, until the gauge is closed
   */
  public static ObservableLongGauge gauge(
      DeskMetric metric, Consumer<ObservableLongMeasurement> reading) {
    return meter()
        .gaugeBuilder(metric.metricName())
        .ofLongs()
        .setUnit(metric.unit())
        .setDescription(metric.description())
        .buildWithCallback(reading);
  }

  /** Reports a number for each value of a metric's only label. */
  public static void each(
      DeskMetric metric, Map<String, Long> numbers, ObservableLongMeasurement now) {
    numbers.forEach((value, number) -> now.record(number, labels(metric, value)));
  }

  /** The values of a metric's labels, in their order. */
  public static Attributes labels(DeskMetric metric, Object... values) {
    var labels = Attributes.builder();
    for (int i = 0; i < values.length; i++) {
      String label = metric.labels().get(i);
      if (values[i] instanceof Boolean flag) {
        labels.put(AttributeKey.booleanKey(label), flag);
      } else if (values[i] instanceof Long number) {
        labels.put(AttributeKey.longKey(label), number);
      } else {
        labels.put(AttributeKey.stringKey(label), values[i].toString());
      }
    }
    return labels.build();
  }

  private static Meter meter() {
    return GlobalOpenTelemetry.getOrNoop().getMeter(SCOPE);
  }
}
