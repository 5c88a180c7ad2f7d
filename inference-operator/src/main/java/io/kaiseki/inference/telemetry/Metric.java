package io.kaiseki.inference.telemetry;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A metric, as data: code registers it, and the reference page, dashboards and alerts are held
 * against it.
 *
 * @param origin who keeps it
 * @param name with dots between its parts; of an operator's metric, those before the last are its
 *     groups
 * @param kind what its values are
 * @param unit in UCUM, such as {@code s}, {@code ms} or {@code {token}}
 * @param description one line for the reference page
 * @param labels names of its own labels, those aside that Flink gives to all of its metrics
 */
public record Metric(
    Origin origin, String name, Kind kind, String unit, String description, List<String> labels) {

  private static final Map<String, String> UNITS =
      Map.of("s", "seconds", "ms", "milliseconds", "By", "bytes");

  public Metric {
    labels = List.copyOf(labels);
  }

  /** Who keeps a metric. */
  public enum Origin {
    /** Flink, in the metric group of the operator. */
    OPERATOR,
    /** OpenTelemetry, in the process. */
    PROCESS
  }

  /** What the values of a metric are. */
  public enum Kind {
    /** Only grows, from 0 when the process or task starts. */
    COUNTER,
    /** As of now. */
    GAUGE,
    /**
     * Single values: Flink keeps quantiles of the last thousand, OpenTelemetry counts in buckets.
     */
    HISTOGRAM
  }

  /** A metric of an operator. */
  public static Metric ofOperator(
      String name, Kind kind, String unit, String description, String... labels) {
    return new Metric(Origin.OPERATOR, name, kind, unit, description, List.of(labels));
  }

  /** A metric of the process. */
  public static Metric ofProcess(
      String name, Kind kind, String unit, String description, String... labels) {
    return new Metric(Origin.PROCESS, name, kind, unit, description, List.of(labels));
  }

  /** The name without its groups. */
  public String lastName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /**
   * The name under which Prometheus knows it; of a histogram, the start of the names of its series.
   */
  public String prometheusName() {
    String plain = name.replaceAll("[^a-zA-Z0-9]", "_");
    if (origin == Origin.OPERATOR) {
      return "flink_taskmanager_job_task_operator_" + plain;
    }
    String unitName = UNITS.get(unit);
    return plain
        + (unitName == null ? "" : "_" + unitName)
        + (kind == Kind.COUNTER ? "_total" : "");
  }

  /** The type under which Prometheus knows it. */
  public String prometheusType() {
    if (origin == Origin.PROCESS) {
      return kind.name().toLowerCase(Locale.ROOT);
    }
    // Flink's counters may fall, and its reporter gives quantiles.
    return kind == Kind.HISTOGRAM ? "summary" : "gauge";
  }

  /** Its labels as Prometheus knows them. */
  public List<String> prometheusLabels() {
    return labels.stream().map(label -> label.replaceAll("[^a-zA-Z0-9]", "_")).toList();
  }
}
