package io.kaiseki.desk.run;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.config.Causes;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeskSettings;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.registry.RegistryRefusedException;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.registry.SubjectNaming;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Looks at the cluster and the registry before anything starts, and puts in order what it may.
 * Whatever is missing is told together.
 */
final class DeskReadiness {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final DeskSettings settings;
  private final Permissions permissions;
  private final Collection<ConfigurationProblem> problems;

  /**
   * @param problems takes what is not as it should be
   */
  DeskReadiness(
      DeskSettings settings, Permissions permissions, Collection<ConfigurationProblem> problems) {
    this.settings = settings;
    this.permissions = permissions;
    this.problems = problems;
  }

  /**
   * What the desk may change.
   *
   * @param createTopics whether to create its two topics where they are missing
   * @param autoRegister whether to register the schema of feedback where it is not
   */
  record Permissions(boolean createTopics, boolean autoRegister) {}

  /**
   * What was found.
   *
   * @param partitions those of the results topic
   * @param feedbackSchema id of the schema of feedback
   */
  record Ready(int partitions, int feedbackSchema) {}

  /** Looks at everything once; empty exactly if there are problems. */
  Optional<Ready> establish() {
    OptionalInt partitions = topics();
    OptionalInt schema = schema();
    return partitions.isPresent() && schema.isPresent() && problems.isEmpty()
        ? Optional.of(new Ready(partitions.getAsInt(), schema.getAsInt()))
        : Optional.empty();
  }

  private OptionalInt topics() {
    Properties properties = settings.kafka().properties();
    String limit = String.valueOf(LIMIT.toMillis());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, limit);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, limit);
    try (Admin admin = Admin.create(properties)) {
      Set<String> names = await(admin.listTopics().names());
      List<String> missing =
          List.of(settings.documents(), settings.results(), settings.deadLetters()).stream()
              .filter(topic -> !names.contains(topic))
              .toList();
      missing.forEach(
          topic ->
              problem(
                  "topics.*",
                  topic,
                  "no such topic; it belongs to the analysis (kaiseki run --create-topics makes"
                      + " it)"));
      if (!missing.isEmpty()) {
        return OptionalInt.empty();
      }
      int partitions = partitions(admin, settings.results());
      createOwn(admin, names, partitions);
      return OptionalInt.of(partitions);
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      problem(
          "kafka.bootstrap.servers",
          settings.kafka().bootstrapServers(),
          "the cluster can't be asked; check the address, the security settings"
              + " (kafka.security.protocol) and that the broker runs: "
              + Causes.rootMessage(e));
      return OptionalInt.empty();
    }
  }

  private void createOwn(Admin admin, Set<String> names, int partitions)
      throws ExecutionException, TimeoutException {
    if (names.contains(settings.feedback())) {
      int found = partitions(admin, settings.feedback());
      if (found != partitions) {
        problem(
            "desk.feedback",
            settings.feedback(),
            "has %d partitions, and the results topic %s has %d; they must be the same"
                .formatted(found, settings.results(), partitions));
      }
    }
    Map<String, Integer> missing = new HashMap<>();
    missing.put(settings.feedback(), partitions);
    missing.put(settings.badRecords(), 1);
    missing.keySet().removeAll(names);
    if (missing.isEmpty()) {
      return;
    }
    if (!permissions.createTopics()) {
      new TreeSet<>(missing.keySet())
          .forEach(
              topic ->
                  problem(
                      topic.equals(settings.feedback()) ? "desk.feedback" : "desk.bad-records",
                      topic,
                      "no such topic; create it with %d partition(s), or pass --create-topics"
                          .formatted(missing.get(topic))));
      return;
    }
    List<NewTopic> topics = new ArrayList<>();
    missing.forEach(
        (name, count) -> topics.add(topic(name, count, name.equals(settings.feedback()))));
    for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
      try {
        await(created);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  /**
   * A topic with the broker's own defaults.
   *
   * @param forever whether it keeps its records for good, as feedback, which evaluations rest on
   */
  static NewTopic topic(String name, int partitions, boolean forever) {
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
    return forever ? topic.configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")) : topic;
  }

  private static int partitions(Admin admin, String topic)
      throws ExecutionException, TimeoutException {
    return await(admin.describeTopics(List.of(topic)).allTopicNames())
        .get(topic)
        .partitions()
        .size();
  }

  /** Id of the schema of feedback; empty, and a problem noted, where there is none. */
  OptionalInt schema() {
    try (SchemaRegistryClient client = settings.registry().connect()) {
      return ensure(new SchemaRegistration(client, settings.registry().address()));
    } catch (RegistryRefusedException | RegistryUnavailableException | IOException e) {
      problem("registry.url", settings.registry().address(), String.valueOf(e.getMessage()));
    }
    return OptionalInt.empty();
  }

  private OptionalInt ensure(SchemaRegistration registration) {
    String subject =
        SubjectNaming.TOPIC.valueSubject(settings.feedback(), Feedback.getClassSchema());
    try {
      return OptionalInt.of(
          registration.ensureRegistered(
              subject, Feedback.getClassSchema(), permissions.autoRegister()));
    } catch (RegistryRefusedException e) {
      problem(subject, "", e.getMessage() + " (kaiseki desk --auto-register registers it)");
    }
    return OptionalInt.empty();
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
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
