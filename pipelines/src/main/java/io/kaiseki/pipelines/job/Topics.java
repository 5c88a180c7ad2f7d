package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.Causes;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.ValueForm;
import io.kaiseki.pipelines.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of a job on its cluster: whether they are there, and making them. */
final class Topics implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final String TRANSACTION_MAX_TIMEOUT = "transaction.max.timeout.ms";

  private final KafkaSettings settings;
  private final Admin admin;

  private Topics(KafkaSettings settings, Admin admin) {
    this.settings = settings;
    this.admin = admin;
  }

  /**
   * Prepares a client; no connection is made yet.
   *
   * @return empty, and a problem noted, if the client properties are wrong
   */
  static Optional<Topics> of(KafkaSettings settings, Collection<ConfigurationProblem> problems) {
    try {
      return Optional.of(new Topics(settings, KafkaClients.admin(settings, LIMIT)));
    } catch (KafkaException | IllegalArgumentException e) {
      problems.add(
          new ConfigurationProblem(
              "kafka.*", "", "Kafka's client refuses these properties: " + Causes.rootMessage(e)));
      return Optional.empty();
    }
  }

  /** The names of all topics; empty, and a problem noted, if the cluster can't be asked. */
  Optional<Set<String>> names(Collection<ConfigurationProblem> problems) {
    try {
      return Optional.of(await(admin.listTopics().names()));
    } catch (ExecutionException | TimeoutException e) {
      problems.add(unreachable(e));
      return Optional.empty();
    }
  }

  /** The cluster's id; empty where it has none, and, a problem noted, where it can't be asked. */
  Optional<String> clusterId(Collection<ConfigurationProblem> problems) {
    try {
      return Optional.ofNullable(await(admin.describeCluster().clusterId()));
    } catch (ExecutionException | TimeoutException e) {
      problems.add(unreachable(e));
      return Optional.empty();
    }
  }

  /** A topic's id; empty, and a problem noted, where it can't be asked. */
  Optional<String> id(String topic, Collection<ConfigurationProblem> problems) {
    try {
      return Optional.of(
          await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
              .topicId()
              .toString());
    } catch (ExecutionException | TimeoutException e) {
      problems.add(unreachable(e));
      return Optional.empty();
    }
  }

  /**
   * Whether a consumer group has been somewhere in a topic; not known to be if it may not be asked.
   */
  boolean hasOffsets(String group, String topic, Collection<ConfigurationProblem> problems) {
    try {
      return await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
          .entrySet()
          .stream()
          .anyMatch(one -> one.getKey().topic().equals(topic) && one.getValue() != null);
    } catch (ExecutionException | TimeoutException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        problems.add(unreachable(e));
      }
      return false;
    }
  }

  /**
   * Makes topics with the broker's own defaults.
   *
   * @param configs what differs from those, for all of them
   */
  void create(
      Collection<String> names,
      int partitions,
      Map<String, String> configs,
      Collection<ConfigurationProblem> problems) {
    List<NewTopic> topics =
        names.stream()
            .map(
                name ->
                    new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs))
            .toList();
    Map<String, KafkaFuture<Void>> created =
        new LinkedHashMap<>(admin.createTopics(topics).values());
    created.forEach(
        (name, future) -> {
          try {
            await(future);
          } catch (ExecutionException | TimeoutException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
              problems.add(
                  new ConfigurationProblem(
                      "--create-topics", name, "can't be created: " + Causes.rootMessage(e)));
            }
          }
        });
  }

  /** Largest record batch that a topic takes, in bytes; empty if this user may not ask. */
  OptionalLong maxMessageBytes(String topic, Collection<ConfigurationProblem> problems) {
    return number(config(topic, problems), TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
  }

  /** What a topic takes; empty if this user may not ask. */
  Optional<TopicLimit> limit(String topic, Collection<ConfigurationProblem> problems) {
    return config(topic, problems).flatMap(TopicLimit::of);
  }

  /** For how long a topic keeps records; empty if this user may not ask. */
  Optional<Retention> retention(String topic, Collection<ConfigurationProblem> problems) {
    return config(topic, problems).map(Retention::of);
  }

  /** Which timestamps a topic takes; empty if this user may not ask. */
  Optional<TimestampBounds> timestampBounds(
      String topic, Collection<ConfigurationProblem> problems) {
    return config(topic, problems).map(TimestampBounds::of);
  }

  /** A transaction may not be longer than the broker allows; both values are named. */
  void checkTransactionTimeout(Duration timeout, Collection<ConfigurationProblem> problems) {
    String node;
    try {
      node = await(admin.describeCluster().nodes()).iterator().next().idString();
    } catch (ExecutionException | TimeoutException e) {
      problems.add(unreachable(e));
      return;
    }
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node);
    OptionalLong most = number(config(broker, problems), TRANSACTION_MAX_TIMEOUT);
    if (most.isPresent() && timeout.toMillis() > most.getAsLong()) {
      problems.add(
          new ConfigurationProblem(
              "job.transaction-timeout",
              ValueForm.show(timeout),
              "longer than the broker allows (transaction.max.timeout.ms = "
                  + most.getAsLong()
                  + "); lower it, with job.checkpoint-timeout and job.restart.*, or raise the"
                  + " broker's"));
    }
  }

  private static OptionalLong number(Optional<Config> config, String key) {
    return config.map(of -> of.get(key)).stream()
        .mapToLong(entry -> Long.parseLong(entry.value()))
        .findFirst();
  }

  private Optional<Config> config(String topic, Collection<ConfigurationProblem> problems) {
    return config(new ConfigResource(ConfigResource.Type.TOPIC, topic), problems);
  }

  private Optional<Config> config(
      ConfigResource resource, Collection<ConfigurationProblem> problems) {
    Instant limit = Instant.now().plus(LIMIT);
    while (true) {
      try {
        return Optional.ofNullable(
            await(admin.describeConfigs(List.of(resource)).all()).get(resource));
      } catch (ExecutionException | TimeoutException e) {
        if (e.getCause() instanceof AuthorizationException) {
          // A user may be allowed to use topics and not to read how they are configured.
          return Optional.empty();
        }
        boolean tooNew = e.getCause() instanceof UnknownTopicOrPartitionException;
        if (!tooNew || Instant.now().isAfter(limit)) {
          problems.add(unreachable(e));
          return Optional.empty();
        }
        // A topic that was made a moment ago is not known to every broker yet.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  private ConfigurationProblem unreachable(Exception e) {
    if (e.getCause() instanceof SslAuthenticationException) {
      return new ConfigurationProblem(
          "kafka.bootstrap.servers",
          settings.bootstrapServers(),
          "no TLS connection: "
              + Causes.rootMessage(e)
              + "; check the truststore (kafka.ssl.truststore.location) and that the broker's"
              + " certificate is for this host");
    }
    if (e.getCause() instanceof AuthenticationException) {
      return new ConfigurationProblem(
          "kafka.sasl.jaas.config",
          "(redacted)",
          "the cluster at "
              + settings.bootstrapServers()
              + " refuses these credentials: "
              + Causes.rootMessage(e));
    }
    return new ConfigurationProblem(
        "kafka.bootstrap.servers",
        settings.bootstrapServers(),
        "no answer within "
            + LIMIT.toSeconds()
            + " s; check the address, the security settings (kafka.security.protocol) and that the"
            + " broker runs: "
            + Causes.rootMessage(e));
  }

  private static <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
    try {
      return future.get(LIMIT.plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }
}
