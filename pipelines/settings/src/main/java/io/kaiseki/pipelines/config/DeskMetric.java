package io.kaiseki.pipelines.config;

import java.util.List;

/**
 * The metrics of a desk, as data: the desk registers them, and the reference page is made from
 * them. They stand beside its settings since the desk and those who make that page share no more.
 */
public enum DeskMetric {
  /** Rows of this instance. */
  DOCUMENTS(
      "kaiseki.desk.documents",
      Kind.GAUGE,
      "{document}",
      "Documents that this instance has, by where they stand.",
      "status"),
  /** Failed rows of this instance. */
  DEAD_LETTERS(
      "kaiseki.desk.dead_letters",
      Kind.GAUGE,
      "{document}",
      "Documents of this instance that have no result, by reason.",
      "reason"),
  /** Reviews that stand. */
  REVIEWED_FIELDS(
      "kaiseki.desk.reviewed_fields",
      Kind.GAUGE,
      "{field}",
      "Fields that a person has looked at, and whether the model had them right.",
      "field",
      "agreed"),
  /** Partitions of this instance. */
  PARTITIONS(
      "kaiseki.desk.partitions",
      Kind.GAUGE,
      "{partition}",
      "Partitions of the results topic that this instance serves; over all instances, all of them."),
  /** As {@code /health/ready}. */
  READY(
      "kaiseki.desk.ready",
      Kind.GAUGE,
      "{instance}",
      "1 while this instance serves all that it has, else 0."),
  /** How far behind. */
  LAG(
      "kaiseki.desk.lag",
      Kind.GAUGE,
      "{record}",
      "Records that this instance has not read yet.",
      "topic"),
  /** Records that were taken in. */
  CHANGES(
      "kaiseki.desk.changes",
      Kind.COUNTER,
      "{change}",
      "Changes of documents that this instance has taken in."),
  /** Records that were set aside. */
  BAD_RECORDS(
      "kaiseki.desk.bad_records",
      Kind.COUNTER,
      "{record}",
      "Records that were set aside because they can't be read or taken in.",
      "topic"),
  /** Words that were written. */
  FEEDBACK(
      "kaiseki.desk.feedback",
      Kind.COUNTER,
      "{record}",
      "Records of feedback that were written, and whether they agree with the model.",
      "agreed"),
  /** Open event streams. */
  LISTENERS(
      "kaiseki.desk.listeners",
      Kind.GAUGE,
      "{listener}",
      "Pages and programs that listen for changes."),
  /** OpenTelemetry's own convention for servers. */
  REQUEST_DURATION(
      "http.server.request.duration",
      Kind.HISTOGRAM,
      "s",
      "Time to answer a request; the stream of events aside.",
      "http.request.method",
      "http.route",
      "http.response.status_code");

  private final String metricName;
  private final Kind kind;
  private final String unit;
  private final String description;
  private final List<String> labels;

  DeskMetric(String name, Kind kind, String unit, String description, String... labels) {
    this.metricName = name;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.labels = List.of(labels);
  }

  /** What the values of a metric are. */
  public enum Kind {
    /** Only grows, from 0 when the process starts. */
    COUNTER,
    /** As of now. */
    GAUGE,
    /** Single values, counted in buckets. */
    HISTOGRAM
  }

  /** Its name, with dots between its parts. */
  public String metricName() {
    return metricName;
  }

  /** What its values are. */
  public Kind kind() {
    return kind;
  }

  /** Its unit in UCUM. */
  public String unit() {
    return unit;
  }

  /** One line for the reference page. */
  public String description() {
    return description;
  }

  /** Names of its labels. */
  public List<String> labels() {
    return labels;
  }
}
