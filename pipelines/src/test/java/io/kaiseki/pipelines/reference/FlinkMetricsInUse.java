package io.kaiseki.pipelines.reference;

import java.util.List;

/**
 * The metrics of Flink itself that dashboards and alerts look at. That a running job has them is
 * shown where one is scraped.
 */
public final class FlinkMetricsInUse {

  private FlinkMetricsInUse() {}

  /** All of them, in the order of the reference page. */
  public static List<FlinkMetric> all() {
    return List.of(
        new FlinkMetric(
            "flink_taskmanager_job_task_operator_pendingRecords",
            "{record}",
            "Records of the documents topic that were not read yet."),
        new FlinkMetric(
            "flink_jobmanager_job_lastCheckpointDuration",
            "ms",
            "How long the last complete checkpoint took."),
        new FlinkMetric(
            "flink_jobmanager_job_numberOfFailedCheckpoints",
            "{checkpoint}",
            "Checkpoints that failed since the job started."),
        new FlinkMetric(
            "flink_jobmanager_job_numRestarts", "{restart}", "Restarts since the job started."),
        new FlinkMetric(
            "flink_taskmanager_Status_JVM_Memory_Heap_Used",
            "By",
            "Java heap in use; the model lies outside of it."));
  }

  /**
   * A metric.
   *
   * @param prometheusName as Prometheus knows it; a gauge
   * @param unit in UCUM
   * @param description one line
   */
  public record FlinkMetric(String prometheusName, String unit, String description) {}
}
