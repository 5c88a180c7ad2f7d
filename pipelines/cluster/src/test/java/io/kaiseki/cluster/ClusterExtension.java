package io.kaiseki.cluster;

import io.kaiseki.pipelines.job.ServicesExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One cluster with a TaskManager on each of two machines, for all test classes of this JVM; beside
 * it the broker and the registry of {@link ServicesExtension}. It starts with the first class, and
 * each test finds it whole and without a job.
 */
final class ClusterExtension implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

  private static final String KEY = "cluster";

  @Override
  public void beforeAll(ExtensionContext context) {
    // The cluster is on its way while broker and registry start.
    context
        .getRoot()
        .getStore(Namespace.create(ClusterExtension.class))
        .getOrComputeIfAbsent(KEY, key -> Running.start(), Running.class);
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
    return Objects.requireNonNull(Running.running, "extend the test with ClusterExtension").cluster;
  }

  private record Running(FlinkCluster cluster) implements AutoCloseable {

    private static volatile Running running;

    static Running start() {
      try {
        FlinkCluster cluster =
            new FlinkCluster(
                Files.createTempDirectory(Path.of("target").toAbsolutePath(), "cluster-"));
        running = new Running(cluster);
        cluster.startMissingTaskManagers();
        return running;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
