package io.kaiseki.pipelines.cluster;

/** How far a job on a cluster is with its start. */
public sealed interface JobProgress {

  /**
   * Not all of its tasks run.
   *
   * @param state of the job, in Flink's word
   * @param running tasks that run
   * @param tasks all of them
   */
  record Starting(String state, int running, int tasks) implements JobProgress {}

  /** All of its tasks run. */
  record Running() implements JobProgress {}

  /**
   * The cluster does not know the job: one without high availability has restarted since, or one
   * with it has not recovered the job yet.
   */
  record Unknown() implements JobProgress {}

  /**
   * It has ended.
   *
   * @param state in Flink's word
   * @param cause what the cluster says of it; may be empty
   */
  record Ended(String state, String cause) implements JobProgress {}
}
