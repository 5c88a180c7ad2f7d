package io.kaiseki.pipelines.config;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * How to reach a Kafka cluster.
 *
 * @param bootstrapServers first brokers to ask, as {@code host:port}, separated by commas
 * @param client properties for every client: security and whatever else Kafka knows
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> client)
    implements Serializable {

  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

  public KafkaSettings {
    // Flink serializes it; HashMap rather than the JDK's own immutable map keeps that portable.
    client = new HashMap<>(client);
  }

  /** A cluster without any security, such as one on loopback. */
  public static KafkaSettings plain(String bootstrapServers) {
    return new KafkaSettings(bootstrapServers, Map.of());
  }

  /** All properties that a client needs to connect. */
  public Properties properties() {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.put(BOOTSTRAP_SERVERS, bootstrapServers);
    return properties;
  }

  @Override
  public String toString() {
    return "KafkaSettings[" + bootstrapServers + ", " + Secrets.redacted(client) + "]";
  }
}
