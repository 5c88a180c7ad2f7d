package io.kaiseki.pipelines.job;

import org.apache.flink.configuration.Configuration;
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
    options.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
    options.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
    FlinkMetricsReporter.configure(options);
  }
}
