package io.kaiseki.pipelines.job;

import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job of {@link JobRun} on a Flink cluster of other processes. */
public final class RemoteJob {

  private RemoteJob() {}

  /**
   * Submits a job, whose classes the processes of the cluster have on their class path.
   *
   * @param port of the cluster's REST interface on loopback
   */
  public static JobClient submit(AnalysisJob job, int port) throws Exception {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createRemoteEnvironment(
            "127.0.0.1", port, FlinkOptions.of(job.settings()));
    environment.setParallelism(job.settings().parallelism());
    job.addTo(environment);
    return environment.executeAsync(job.settings().name());
  }
}
