package io.kaiseki.pipelines.bench;

import io.kaiseki.pipelines.bench.workload.Workload;
import java.nio.file.Path;

/**
 * What a bench of the pipeline without a model shall do.
 *
 * @param workload the documents
 * @param paced documents of a pass that come evenly, for latencies
 * @param rounds passes of each way through Kafka under each guarantee, at least 1
 * @param directory an empty directory for logs, topics and checkpoints
 */
public record OverheadPlan(Workload workload, int paced, int rounds, Path directory) {

  /** Enough for a 99th percentile in every pass. */
  public static final int DEFAULT_PACED = 1_000;
}
