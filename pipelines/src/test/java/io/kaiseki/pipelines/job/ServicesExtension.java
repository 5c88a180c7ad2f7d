package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import io.kaiseki.pipelines.embedded.EmbeddedRegistry;
import io.kaiseki.pipelines.embedded.Installation;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One broker and one registry for all test classes of this JVM, started with the first. They are
 * not in JUnit's store, since the build may give a JVM its classes one by one, each with a store of
 * its own.
 */
public final class ServicesExtension implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    Services.startOnce();
  }

  /** How to reach the broker. */
  public static KafkaSettings kafka() {
    return KafkaSettings.plain(Services.running().broker.bootstrapServers());
  }

  /** How to reach the registry. */
  public static RegistrySettings registry() {
    return RegistrySettings.of(Services.running().registry.url());
  }

  private record Services(EmbeddedBroker broker, EmbeddedRegistry registry) {

    private static volatile @Nullable Services running;

    static synchronized void startOnce() {
      if (running != null) {
        return;
      }
      try {
        Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "services-");
        EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
        Services started =
            new Services(
                broker,
                EmbeddedRegistry.start(Installation.registry(), directory.resolve("registry.log")));
        Runtime.getRuntime().addShutdownHook(new Thread(started::close, "services-close"));
        running = started;
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    static Services running() {
      return Objects.requireNonNull(running, "extend the test with ServicesExtension");
    }

    private void close() {
      registry.close();
      broker.close();
    }
  }
}
