package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import io.kaiseki.pipelines.embedded.EmbeddedRegistry;
import io.kaiseki.pipelines.embedded.Installation;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** One broker and one registry for all test classes of this JVM, started with the first. */
public final class ServicesExtension implements BeforeAllCallback {

  private static final String KEY = "services";

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.create(ServicesExtension.class))
        .getOrComputeIfAbsent(KEY, key -> Services.start(), Services.class);
  }

  /** How to reach the broker. */
  public static KafkaSettings kafka() {
    return KafkaSettings.plain(Services.running().broker.bootstrapServers());
  }

  /** How to reach the registry. */
  public static RegistrySettings registry() {
    return RegistrySettings.of(Services.running().registry.url());
  }

  private record Services(EmbeddedBroker broker, EmbeddedRegistry registry)
      implements AutoCloseable {

    private static volatile Services running;

    static Services start() {
      try {
        Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "services-");
        EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
        running =
            new Services(
                broker,
                EmbeddedRegistry.start(Installation.registry(), directory.resolve("registry.log")));
        return running;
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    static Services running() {
      return Objects.requireNonNull(running, "extend the test with ServicesExtension");
    }

    @Override
    public void close() {
      registry.close();
      broker.close();
    }
  }
}
