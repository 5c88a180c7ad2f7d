package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import io.kaiseki.pipelines.embedded.EmbeddedRegistry;
import io.kaiseki.pipelines.embedded.Installation;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The broker and the registry of the pipeline arms, started with the first pass that needs them.
 * They stay up between passes and have nothing to do then.
 */
public class PipelineServices implements AutoCloseable {

  private final Path directory;
  private @Nullable EmbeddedBroker broker;
  private @Nullable EmbeddedRegistry registry;

  /**
   * @param directory takes their logs, topics and checkpoints
   */
  public PipelineServices(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  KafkaSettings kafka() throws Exception {
    EmbeddedBroker running = broker;
    if (running == null) {
      running = EmbeddedBroker.start(directory.resolve("broker"), 0);
      broker = running;
    }
    return KafkaSettings.plain(running.bootstrapServers());
  }

  RegistrySettings registry() {
    EmbeddedRegistry running = registry;
    if (running == null) {
      running = EmbeddedRegistry.start(Installation.registry(), directory.resolve("registry.log"));
      registry = running;
    }
    return RegistrySettings.of(running.url());
  }

  @Override
  public void close() {
    try {
      if (registry != null) {
        registry.close();
        registry = null;
      }
    } finally {
      if (broker != null) {
        broker.close();
        broker = null;
      }
    }
  }
}
