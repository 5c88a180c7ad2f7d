package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.ValueForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of a job on its cluster: whether they are there, and making them. */
final class Topics implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(10);
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
    Properties properties = settings.properties();
    properties.put(
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(LIMIT.toMillis()));
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(LIMIT.toMillis()));
    try {
      return Optional.of(new Topics(settings, Admin.create(properties)));
    } catch (KafkaException | IllegalArgumentException e) {
      problems.add(
          new ConfigurationProblem(
              "kafka.*", "", "Kafka's client refuses these properties: " + rootMessage(e)));
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

  /**
   * Makes topics that do not exist, with the broker's own defaults, apart from dead letters, which
   * are kept for ever: they carry the timestamps of their documents, and age would delete them.
   *
   * @param partitions by topic
   */
  void create(
      Map<String, Integer> partitions,
      String deadLetters,
      Collection<ConfigurationProblem> problems) {
    List<NewTopic> topics = new ArrayList<>();
    partitions.forEach(
        (name, count) -> {
          NewTopic topic = new NewTopic(name, Optional.of(count), Optional.empty());
          topics.add(
              name.equals(deadLetters)
                  ? topic.configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"))
                  : topic);
        });
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
                      "--create-topics", name, "can't be created: " + rootMessage(e)));
            }
          }
        });
  }

  /** A transaction may not be longer than the broker allows; both values are named. */
  void checkTransactionTimeout(Duration timeout, Collection<ConfigurationProblem> problems) {
    try {
      Node node = await(admin.describeCluster().nodes()).iterator().next();
      ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
      Config config = await(admin.describeConfigs(List.of(broker)).all()).get(broker);
      ConfigEntry entry = config == null ? null : config.get(TRANSACTION_MAX_TIMEOUT);
      if (entry != null && timeout.toMillis() > Long.parseLong(entry.value())) {
        problems.add(
            new ConfigurationProblem(
                "job.transaction-timeout",
                ValueForm.show(timeout),
                "longer than the broker allows (transaction.max.timeout.ms = "
                    + entry.value()
                    + "); lower it, with job.checkpoint-timeout and job.restart.*, or raise the"
                    + " broker's"));
      }
    } catch (ExecutionException | TimeoutException e) {
      // A user may be allowed to use topics and not to read a broker's settings.
      if (!(e.getCause() instanceof org.apache.kafka.common.errors.AuthorizationException)) {
        problems.add(unreachable(e));
      }
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  private ConfigurationProblem unreachable(Exception e) {
    if (e.getCause() instanceof AuthenticationException) {
      return new ConfigurationProblem(
          "kafka.sasl.jaas.config",
          "(redacted)",
          "the cluster at "
              + settings.bootstrapServers()
              + " refuses these credentials: "
              + rootMessage(e));
    }
    return new ConfigurationProblem(
        "kafka.bootstrap.servers",
        settings.bootstrapServers(),
        "no answer within "
            + LIMIT.toSeconds()
            + " s; check the address, the security settings (kafka.security.protocol) and that the"
            + " broker runs: "
            + rootMessage(e));
  }

  private static <T> T await(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
    try {
      return future.get(LIMIT.plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
