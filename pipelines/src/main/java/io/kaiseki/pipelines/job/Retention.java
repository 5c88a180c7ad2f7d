package io.kaiseki.pipelines.job;

import java.util.Objects;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;

/**
 * For how long a topic keeps records.
 *
 * @param millis after a record's time; {@link #FOREVER} where age deletes none
 * @param sinceWriting whether a record's time is when the broker got it, and not what its producer
 *     says
 */
record Retention(long millis, boolean sinceWriting) {

  static final long FOREVER = Long.MAX_VALUE;

  /** As the configuration of a topic has it. */
  static Retention of(Config topic) {
    long millis = Long.parseLong(value(topic, TopicConfig.RETENTION_MS_CONFIG));
    boolean deletes =
        value(topic, TopicConfig.CLEANUP_POLICY_CONFIG).contains(TopicConfig.CLEANUP_POLICY_DELETE);
    return new Retention(
        deletes && millis >= 0 ? millis : FOREVER,
        value(topic, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
            .equals(TimestampType.LOG_APPEND_TIME.name));
  }

  /** As {@code retention.ms} has it. */
  String shown() {
    return millis == FOREVER ? "-1" : String.valueOf(millis);
  }

  /** Brokers give a value for each key. */
  private static String value(Config topic, String key) {
    ConfigEntry entry = Objects.requireNonNull(topic.get(key), key);
    return Objects.requireNonNull(entry.value(), key);
  }
}
