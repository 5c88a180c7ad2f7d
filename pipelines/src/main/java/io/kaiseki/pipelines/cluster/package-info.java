/**
 * A job on a Flink cluster that this process is not: {@link io.kaiseki.pipelines.cluster.JobTarget}
 * says where, {@link io.kaiseki.pipelines.cluster.SessionCluster} submits it there and watches it
 * start, {@link io.kaiseki.pipelines.cluster.SubmittedRun} is what the job itself does once Flink
 * has started it. The job is that of package {@code job}, as it is in one process.
 */
@NullMarked
package io.kaiseki.pipelines.cluster;

import org.jspecify.annotations.NullMarked;
