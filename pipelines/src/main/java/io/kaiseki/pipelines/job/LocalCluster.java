package io.kaiseki.pipelines.job;

import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;

/** What a Flink cluster needs to know to run inside this process and be of use to nobody else. */
public final class LocalCluster {

  /** Enough for records of tens of megabytes, far less than Flink's default for a whole server. */
  private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(32);

  private LocalCluster() {}

  /**
   * Lets it listen on loopback only, on any free port, take little memory, and show its metrics
   * where the process shows its own.
   */
  public static void confine(Configuration options) {
    options.set(RestOptions.ADDRESS, "localhost");
    options.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    options.set(RestOptions.BIND_PORT, "0");
    // Where an evaluation collects its results.
    options.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
    // Its server of files would be reached by the host's name, which is not loopback's. Nothing
    // needs it here: what it would carry, large operators, is handed over within the process.
    options.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
    options.set(BlobServerOptions.OFFLOAD_MINSIZE, Integer.MAX_VALUE);
    options.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
    options.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
    FlinkMetricsReporter.configure(options);
  }
}
