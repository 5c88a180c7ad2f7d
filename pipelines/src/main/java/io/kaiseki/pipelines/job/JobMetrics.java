package io.kaiseki.pipelines.job;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.telemetry.Metric;
import io.kaiseki.inference.telemetry.Metric.Kind;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** The metrics of the job's own operators; those of the model's are in the library. */
public final class JobMetrics {

  /** Label that holds the topic of a route. */
  static final String ROUTE = "route";

  public static final Metric REGISTRY_RETRIES =
      Metric.ofOperator(
          "registryRetries",
          Kind.COUNTER,
          "{attempt}",
          "Times that a record had to wait for the schema registry once more.");

  public static final Metric CHECKPOINT_AGE =
      Metric.ofOperator(
          "checkpointAgeMs",
          Kind.GAUGE,
          "ms",
          "Time since the last checkpoint that is complete, or since the task began.");

  public static final Metric REJECTED =
      Metric.ofOperator(
          "stage.reason.rejected",
          Kind.COUNTER,
          "{record}",
          "Records that became dead letters before the model, or behind it by the size of their"
              + " result, by stage and reason.",
          "stage",
          "reason");

  public static final Metric ROUTED =
      Metric.ofOperator(
          ROUTE + ".results",
          Kind.COUNTER,
          "{result}",
          "Results that went to the topic of a route besides.",
          ROUTE);

  public static final Metric ROUTE_FAILURES =
      Metric.ofOperator(
          "routeFailures",
          Kind.COUNTER,
          "{result}",
          "Conditions of routes that failed on a result, and results too large for a route's"
              + " topic.");

  public static final Metric TRANSACTIONS_LOST =
      Metric.ofOperator(
          "transactionsLost",
          Kind.COUNTER,
          "{transaction}",
          "Transactions that the broker gave up though a checkpoint counts their documents as done."
              + " Only of exactly-once jobs.");

  private JobMetrics() {}

  /** Counts in an operator what it makes dead letters of. */
  static Counter rejected(MetricGroup operator, Rejection.Stage stage, FailureReason reason) {
    return operator
        .addGroup("stage", stage.word())
        .addGroup("reason", reason.name())
        .counter(REJECTED.lastName());
  }

  /** All of them, in the order of the reference page. */
  public static List<Metric> all() {
    return List.of(
        CHECKPOINT_AGE, REGISTRY_RETRIES, REJECTED, ROUTED, ROUTE_FAILURES, TRANSACTIONS_LOST);
  }
}
