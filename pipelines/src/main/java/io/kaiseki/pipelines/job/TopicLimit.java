package io.kaiseki.pipelines.job;

import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a topic takes of a batch of records. A broker measures a batch as it is sent; where the
 * topic has a compression of its own, it compresses anew and measures once more.
 *
 * @param bytes most bytes
 * @param asSent whether batches stay compressed as their producer has done it
 */
record TopicLimit(long bytes, boolean asSent) {

  private static final String BY_PRODUCER = "producer";

  /** As a topic is configured; empty where its broker does not tell. */
  static Optional<TopicLimit> of(Config config) {
    ConfigEntry compression = config.get(TopicConfig.COMPRESSION_TYPE_CONFIG);
    boolean asSent = compression != null && BY_PRODUCER.equals(compression.value());
    return Optional.ofNullable(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
        .map(entry -> new TopicLimit(Long.parseLong(entry.value()), asSent));
  }
}
