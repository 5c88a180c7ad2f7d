package io.kaiseki.desk.it;

import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import io.kaiseki.pipelines.embedded.EmbeddedRegistry;
import io.kaiseki.pipelines.embedded.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** One broker and one registry for all test classes of this JVM, started with the first. */
final class DeskServices implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.create(DeskServices.class))
        .getOrComputeIfAbsent("services", key -> Services.start(), Services.class);
  }

  static String bootstrapServers() {
    return Services.running().broker.bootstrapServers();
  }

  static String registryUrl() {
    return Services.running().registry.url();
  }

  private record Services(EmbeddedBroker broker, EmbeddedRegistry registry)
      implements AutoCloseable {

    private static volatile Services running;

    static Services start() {
      try {
        Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "services-");
        running =
            new Services(
                EmbeddedBroker.start(directory.resolve("broker")),
                EmbeddedRegistry.start(Installation.registry(), directory.resolve("registry.log")));
        return running;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static Services running() {
      return Objects.requireNonNull(running, "extend the test with DeskServices");
    }

    @Override
    public void close() {
      registry.close();
      broker.close();
    }
  }
}
