package io.kaiseki.pipelines.job;

import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a topic takes of a batch of records. A broker measures a batch as it is sent; where the
 * topic has a codec of its own that is not the producer's, it compresses anew and measures once
 * more.
 *
 * @param bytes most bytes
 * @param own the topic's own compression; empty where batches stay as their producer has done them
 */
record TopicLimit(long bytes, Optional<Compression> own) {

  private static final String BY_PRODUCER = "producer";

  /** As a topic is configured; empty where its broker does not tell. */
  static Optional<TopicLimit> of(Config config) {
    Optional<Compression> own =
        value(config, TopicConfig.COMPRESSION_TYPE_CONFIG)
            .filter(type -> !BY_PRODUCER.equals(type))
            .map(type -> Codec.of(type, key -> value(config, key)));
    return value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
        .map(bytes -> new TopicLimit(Long.parseLong(bytes), own));
  }

  private static Optional<String> value(Config config, String key) {
    return Optional.ofNullable(config.get(key)).map(ConfigEntry::value);
  }
}
