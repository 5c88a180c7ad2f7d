package io.kaiseki.cluster;

import io.kaiseki.pipelines.job.ServicesExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One cluster with a TaskManager on each of two machines, for all test classes of this JVM; beside
 * it the broker and the registry of {@link ServicesExtension}. It starts with the first class, and
 * each test finds it whole and without a job.
 */
final class ClusterExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

  private static volatile @Nullable FlinkCluster cluster;

  @Override
  public void beforeAll(ExtensionContext context) {
    // The cluster is on its way while broker and registry start.
    startOnce();
    new ServicesExtension().beforeAll(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    cluster().startMissingTaskManagers();
    cluster().awaitFreeSlots(FlinkCluster.MACHINES);
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
    cluster().cancelJobs();
  }

  static FlinkCluster cluster() {
    return Objects.requireNonNull(cluster, "extend the test with ClusterExtension");
  }

  private static synchronized void startOnce() {
    if (cluster != null) {
      return;
    }
    try {
      FlinkCluster started =
          new FlinkCluster(
              Files.createTempDirectory(Path.of("target").toAbsolutePath(), "cluster-"));
      Runtime.getRuntime().addShutdownHook(new Thread(started::close, "cluster-close"));
      started.startMissingTaskManagers();
      cluster = started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
