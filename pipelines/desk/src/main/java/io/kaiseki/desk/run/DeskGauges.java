package io.kaiseki.desk.run;

import io.kaiseki.desk.telemetry.DeskMeter;
import io.kaiseki.desk.topology.Tallies;
import io.kaiseki.desk.view.DeskView;
import io.kaiseki.desk.view.LocalRows;
import io.kaiseki.pipelines.config.DeskMetric;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/** Shows how an instance stands, read whenever the process is scraped, until it is closed. */
final class DeskGauges implements AutoCloseable {

  private static final String LAG = "records-lag";
  private static final String FETCHES = "consumer-fetch-manager-metrics";

  /** The consumer that rebuilds stores reads topics of the desk's own. */
  private static final String RESTORE = "restore-consumer";

  private final List<ObservableLongGauge> gauges = new ArrayList<>();

  /**
   * @param listeners how many listen for changes
   */
  DeskGauges(KafkaStreams streams, LocalRows rows, DeskView view, LongSupplier listeners) {
    show(DeskMetric.DOCUMENTS, now -> DeskMeter.each(DeskMetric.DOCUMENTS, rows.byStatus(), now));
    show(
        DeskMetric.DEAD_LETTERS,
        now -> DeskMeter.each(DeskMetric.DEAD_LETTERS, rows.byReason(), now));
    show(DeskMetric.REVIEWED_FIELDS, now -> reviewed(view, now));
    show(DeskMetric.PARTITIONS, now -> now.record(rows.partitions().size()));
    show(DeskMetric.READY, now -> now.record(view.isReady() ? 1 : 0));
    show(DeskMetric.LAG, now -> DeskMeter.each(DeskMetric.LAG, lag(streams), now));
    show(DeskMetric.LISTENERS, now -> now.record(listeners.getAsLong()));
  }

  @Override
  public void close() {
    gauges.forEach(ObservableLongGauge::close);
  }

  private void show(DeskMetric metric, Consumer<ObservableLongMeasurement> reading) {
    gauges.add(DeskMeter.gauge(metric, reading));
  }

  private static void reviewed(DeskView view, ObservableLongMeasurement now) {
    Map<List<Object>, Long> sums = new HashMap<>();
    view.countedLocal(Instant.now())
        .tallies()
        .forEach(
            (key, count) -> {
              List<String> parts = Tallies.parts(key);
              boolean agreed = parts.get(0).equals(Tallies.AGREED);
              if (agreed || parts.get(0).equals(Tallies.CORRECTED)) {
                sums.merge(List.of(parts.get(1), agreed), count, Long::sum);
              }
            });
    sums.forEach(
        (labels, count) ->
            now.record(count, DeskMeter.labels(DeskMetric.REVIEWED_FIELDS, labels.toArray())));
  }

  private static Map<String, Long> lag(KafkaStreams streams) {
    Map<String, Long> lag = new HashMap<>();
    for (Map.Entry<MetricName, ? extends Metric> metric : streams.metrics().entrySet()) {
      MetricName name = metric.getKey();
      String topic = name.tags().get("topic");
      if (name.name().equals(LAG)
          && name.group().equals(FETCHES)
          && topic != null
          && !name.tags().getOrDefault("client-id", "").contains(RESTORE)
          && metric.getValue().metricValue() instanceof Number number) {
        lag.merge(topic, Math.max(0, number.longValue()), Long::sum);
      }
    }
    // Kafka tells of a topic with dots once more with underscores, as it did in older releases.
    lag.keySet().stream()
        .filter(topic -> topic.indexOf('.') >= 0)
        .map(topic -> topic.replace('.', '_'))
        .toList()
        .forEach(lag::remove);
    return lag;
  }
}
