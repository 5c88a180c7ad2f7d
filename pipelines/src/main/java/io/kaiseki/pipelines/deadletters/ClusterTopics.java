package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What a redrive asks a cluster about its topics. */
final class ClusterTopics implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final String bootstrapServers;
  private final Admin admin;

  ClusterTopics(KafkaSettings kafka) {
    bootstrapServers = kafka.bootstrapServers();
    admin = KafkaClients.admin(kafka, LIMIT);
  }

  /** The id of a topic; empty where there is none. */
  Optional<Uuid> id(String topic) {
    return describe(topic).map(TopicDescription::topicId);
  }

  /** How many partitions a topic has; 0 where there is none. */
  int partitions(String topic) {
    return describe(topic).map(description -> description.partitions().size()).orElse(0);
  }

  /**
   * How long a topic keeps a record.
   *
   * @return empty where it keeps records for ever, is not there, or where this user may not ask
   */
  Optional<Duration> retention(String topic) {
    return bound(topic, TopicConfig.RETENTION_MS_CONFIG).map(Duration::ofMillis);
  }

  /**
   * How many bytes a topic keeps in a partition.
   *
   * @return empty where it keeps any number, is not there, or where this user may not ask
   */
  Optional<Long> retainedBytes(String topic) {
    return bound(topic, TopicConfig.RETENTION_BYTES_CONFIG);
  }

  /** A bound beyond which a topic deletes records; -1 stands for none. */
  private Optional<Long> bound(String topic, String key) {
    Map<String, String> settings = settings(topic);
    return settings
            .getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "")
            .contains(TopicConfig.CLEANUP_POLICY_DELETE)
        ? Optional.ofNullable(settings.get(key)).map(Long::parseLong).filter(value -> value >= 0)
        : Optional.empty();
  }

  /** Whether the age of a topic's records counts from their writing, not by their timestamps. */
  boolean agesFromWriting(String topic) {
    return settings(topic)
        .getOrDefault(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "")
        .equals("LogAppendTime");
  }

  /** Makes a compacted topic of one partition; one that is there already stays as it is. */
  void createCompacted(String topic) {
    NewTopic wanted =
        new NewTopic(topic, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try {
      await(admin.createTopics(List.of(wanted)).all());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failed("can't make the topic " + topic, e);
      }
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  private Optional<TopicDescription> describe(String topic) {
    try {
      return Optional.of(await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof InvalidTopicException) {
        return Optional.empty();
      }
      throw failed("can't be asked about the topic " + topic, e);
    }
  }

  private Map<String, String> settings(String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Map<String, String> settings = new HashMap<>();
      for (ConfigEntry entry :
          await(admin.describeConfigs(List.of(resource)).all()).get(resource).entries()) {
        if (entry.value() != null) {
          settings.put(entry.name(), entry.value());
        }
      }
      return settings;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException
          || e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Map.of();
      }
      throw failed("can't be asked for the settings of " + topic, e);
    }
  }

  private IllegalStateException failed(String what, Exception cause) {
    return new IllegalStateException(
        "the cluster at " + bootstrapServers + " " + what, cause.getCause());
  }

  private <T> T await(KafkaFuture<T> future) throws ExecutionException {
    try {
      return future.get(LIMIT.plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionException(e);
    } catch (TimeoutException e) {
      throw new ExecutionException(e);
    }
  }
}
