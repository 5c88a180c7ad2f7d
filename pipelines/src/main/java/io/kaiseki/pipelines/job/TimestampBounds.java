package io.kaiseki.pipelines.job;

import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;

/**
 * Which timestamps of producers a topic takes (KIP-937).
 *
 * @param before how far a timestamp may lie behind the broker's clock; empty where the broker has
 *     no such bound
 * @param after how far it may lie ahead of that; likewise
 * @param byBroker whether the broker sets the timestamps itself, and so takes any
 */
record TimestampBounds(Optional<Bound> before, Optional<Bound> after, boolean byBroker) {

  static final long ANY = Long.MAX_VALUE;

  /** Of brokers before 4.0: both bounds in one, which holds where a bound of its own is not set. */
  private static final String BOTH = "message.timestamp.difference.max.ms";

  /**
   * One of them.
   *
   * @param key of the topic's configuration that sets it
   * @param millis {@link #ANY} for no limit
   */
  record Bound(String key, long millis) {}

  /** As the configuration of a topic has them. */
  static TimestampBounds of(Config topic) {
    ConfigEntry type =
        Objects.requireNonNull(topic.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), "type");
    return new TimestampBounds(
        bound(topic, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
        bound(topic, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
        TimestampType.LOG_APPEND_TIME.name.equals(type.value()));
  }

  private static Optional<Bound> bound(Config topic, String key) {
    Optional<Bound> own = value(topic, key);
    if (own.isPresent() && own.get().millis() != ANY) {
      return own;
    }
    Optional<Bound> both = value(topic, BOTH);
    return both.filter(set -> set.millis() != ANY).or(() -> own).or(() -> both);
  }

  private static Optional<Bound> value(Config topic, String key) {
    return Optional.ofNullable(topic.get(key))
        .map(ConfigEntry::value)
        .map(millis -> new Bound(key, Long.parseLong(millis)));
  }
}
