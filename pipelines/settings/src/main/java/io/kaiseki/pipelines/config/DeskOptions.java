package io.kaiseki.pipelines.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of {@code kaiseki desk}, for the desk's own command and for the one that stands for
 * it where the desk is not.
 */
public final class DeskOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings as YAML, or as Java properties if it ends in .properties.")
  private @Nullable Path config;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers (setting kafka.bootstrap.servers).")
  private @Nullable String bootstrap;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "Schema registry (setting registry.url).")
  private @Nullable String registry;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (setting desk.host); loopback unless given.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on (setting desk.port); 8090 unless given, 0 for a free one.")
  private @Nullable String port;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "Any other setting, such as -s desk.retention=168h. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--create-topics", description = "Create the desk's own topics.")
  private boolean createTopics;

  @Option(names = "--auto-register", description = "Register the schema of feedback.")
  private boolean autoRegister;

  /** Whether the desk makes its own topics. */
  public boolean createTopics() {
    return createTopics;
  }

  /** Whether the desk registers the schema of feedback. */
  public boolean autoRegister() {
    return autoRegister;
  }

  /** Adds the file, the environment and the options, each over those before it. */
  public void addTo(SettingSources sources) {
    if (config != null) {
      sources.file(config);
    }
    sources.environment(DeskSettingsReader.keys());
    settings.forEach((key, value) -> sources.option(key, value, key));
    sources
        .option(JobKeys.KAFKA_BOOTSTRAP.name(), bootstrap, "--bootstrap")
        .option(JobKeys.REGISTRY_URL.name(), registry, "--registry")
        .option(DeskKeys.HOST.name(), host, "--host")
        .option(DeskKeys.PORT.name(), port, "--port");
  }
}
