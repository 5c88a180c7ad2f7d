package io.kaiseki.pipelines.job;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.ValueForm;
import io.kaiseki.pipelines.routing.Route;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistryRefusedException;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.registry.SubjectNaming;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.avro.Schema;

/**
 * Whether the world around a job is ready for it: Kafka's clients take their settings, the cluster
 * answers, its topics exist, schemas are registered and fit, checkpoints can be written. Found out
 * before the job is submitted, because a job that fails on it would be restarted to no end.
 */
public final class Readiness {

  private static final String REGISTRY = "registry.url";

  private final AnalysisDefinition definition;
  private final JobSettings settings;
  private final Permissions permissions;
  private final CheckpointsOf checkpoints;
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  /**
   * What may be changed to become ready.
   *
   * @param createTopics whether missing topics are made
   * @param topicPartitions partitions of those
   * @param autoRegister whether missing schemas are registered
   */
  public record Permissions(boolean createTopics, int topicPartitions, boolean autoRegister) {

    /** Nothing may be changed. */
    public static final Permissions NONE = new Permissions(false, 1, false);
  }

  /** Where checkpoints will be written. */
  public enum CheckpointsOf {
    /** This process, which makes the directory where it is not there. */
    THIS_PROCESS,
    /** A later run on this machine, which so can be asked about the directory. */
    A_LATER_RUN,
    /** A cluster that this process only submits to, and whose disks it may not see. */
    A_CLUSTER
  }

  /** Of a job that runs in this process. */
  public Readiness(AnalysisDefinition definition, JobSettings settings, Permissions permissions) {
    this(definition, settings, permissions, CheckpointsOf.THIS_PROCESS);
  }

  public Readiness(
      AnalysisDefinition definition,
      JobSettings settings,
      Permissions permissions,
      CheckpointsOf checkpoints) {
    this.checkpoints = checkpoints;
    this.definition = definition;
    this.settings = settings;
    this.permissions = permissions;
  }

  /**
   * Looks at everything once, changing what is permitted.
   *
   * @param problems takes whatever is not as it should be
   * @return the ids of the job's schemas; empty exactly if there are problems
   */
  public Optional<SchemaIds> establish(Collection<ConfigurationProblem> problems) {
    checkCheckpointTimeout();
    checkCheckpointDirectory();
    List<ConfigurationProblem> refused = ClientProperties.problems(settings);
    this.problems.addAll(refused);
    if (refused.isEmpty()) {
      topics();
    }
    Optional<SchemaIds> ids = schemas();
    problems.addAll(this.problems);
    return this.problems.isEmpty() ? ids : Optional.empty();
  }

  /**
   * Most bytes that the dead-letter topic takes, which is asked for once it exists; empty if this
   * user may not ask.
   */
  public OptionalInt largestDeadLetter(Collection<ConfigurationProblem> problems) {
    return Topics.of(settings.kafka(), problems).stream()
        .flatMapToInt(
            topics -> {
              try (topics) {
                return topics.maxMessageBytes(definition.topics().deadLetters(), problems).stream()
                    .mapToInt(bytes -> (int) Math.min(bytes, Integer.MAX_VALUE));
              }
            })
        .findFirst();
  }

  /** Tells a cluster from others; empty where it has no id, and, a problem noted, no answer. */
  public static Optional<String> clusterId(
      KafkaSettings kafka, Collection<ConfigurationProblem> problems) {
    return origin(kafka, Optional.empty(), problems).map(KafkaOrigin::cluster);
  }

  /**
   * What the offsets of a topic belong to; empty where the cluster has no id, or can't tell, which
   * is noted as a problem.
   *
   * @param topic empty for the cluster alone
   */
  static Optional<KafkaOrigin> origin(
      KafkaSettings kafka, Optional<String> topic, Collection<ConfigurationProblem> problems) {
    int before = problems.size();
    return Topics.of(kafka, problems)
        .flatMap(
            topics -> {
              try (topics) {
                Optional<String> cluster = topics.clusterId(problems);
                Optional<String> id = topic.flatMap(name -> topics.id(name, problems));
                return problems.size() > before
                    ? Optional.empty()
                    : cluster.map(known -> new KafkaOrigin(known, id));
              }
            });
  }

  /** Whether a cluster answers; for when there is no more to check. */
  public static void reach(KafkaSettings kafka, Collection<ConfigurationProblem> problems) {
    Topics.of(kafka, problems)
        .ifPresent(
            topics -> {
              try (topics) {
                topics.names(problems);
              }
            });
  }

  /** Whether a registry answers; for when there is no more to check. */
  public static void reach(RegistrySettings registry, Collection<ConfigurationProblem> problems) {
    try (SchemaRegistryClient client = registry.connect()) {
      new RegisteredSchemas(client, registry.address()).byId(1);
    } catch (RegistryUnavailableException | RegistryRefusedException e) {
      problems.add(
          new ConfigurationProblem(REGISTRY, registry.address(), String.valueOf(e.getMessage())));
    } catch (IOException e) {
      problems.add(
          new ConfigurationProblem(
              REGISTRY, registry.address(), "the client can't be closed: " + e.getMessage()));
    }
  }

  private void checkCheckpointTimeout() {
    Duration deadline = definition.limits().deadline();
    Duration timeout = settings.delivery().checkpointTimeout();
    if (timeout.compareTo(deadline) <= 0) {
      problem(
          "job.checkpoint-timeout",
          ValueForm.show(timeout),
          "must be longer than limits.deadline of the analysis ("
              + ValueForm.show(deadline)
              + "), because a checkpoint may wait for one document");
    }
  }

  private void checkCheckpointDirectory() {
    CheckpointDirectory directory = new CheckpointDirectory(settings.delivery().checkpoints());
    switch (checkpoints) {
      case THIS_PROCESS -> directory.make(problems);
      case A_LATER_RUN -> directory.probe(problems);
      case A_CLUSTER -> {
        // Its disks are not this machine's.
      }
    }
  }

  private void topics() {
    Topics.of(settings.kafka(), problems)
        .ifPresent(
            topics -> {
              try (topics) {
                topics
                    .names(problems)
                    .ifPresent(
                        names -> {
                          missing(topics, names);
                          checkTransactions(topics);
                        });
              }
            });
  }

  private void missing(Topics topics, Set<String> names) {
    AnalysisTopics wanted = definition.topics();
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put(wanted.documents(), "topics.documents");
    keys.put(wanted.results(), "topics.results");
    keys.put(wanted.deadLetters(), "topics.dead-letters");
    for (int i = 0; i < definition.routes().size(); i++) {
      keys.putIfAbsent(definition.routes().get(i).topic(), "routes[" + i + "].topic");
    }
    keys.keySet().removeAll(names);
    int before = problems.size();
    if (permissions.createTopics()) {
      create(topics, keys.keySet());
    } else {
      keys.forEach(
          (topic, key) ->
              problem(
                  key,
                  topic,
                  "no such topic at "
                      + settings.kafka().bootstrapServers()
                      + "; create it, or pass --create-topics"));
    }
    if (problems.size() == before
        || Collections.disjoint(keys.keySet(), List.of(wanted.documents(), wanted.deadLetters()))) {
      DeadLetterTopic.check(wanted, topics, problems);
    }
  }

  private void create(Topics topics, Set<String> missing) {
    if (permissions.topicPartitions() < 1) {
      problem(
          "--partitions",
          String.valueOf(permissions.topicPartitions()),
          "a topic has at least one");
      return;
    }
    String deadLetters = definition.topics().deadLetters();
    List<String> others = missing.stream().filter(topic -> !topic.equals(deadLetters)).toList();
    int before = problems.size();
    topics.create(others, permissions.topicPartitions(), Map.of(), problems);
    if (missing.contains(deadLetters) && problems.size() == before) {
      Map<String, String> configs =
          DeadLetterTopic.configs(
              topics.maxMessageBytes(definition.topics().documents(), problems),
              topics.timestampBounds(definition.topics().documents(), problems));
      topics.create(List.of(deadLetters), permissions.topicPartitions(), configs, problems);
    }
  }

  private void checkTransactions(Topics topics) {
    DeliverySettings delivery = settings.delivery();
    if (delivery.guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE) {
      topics.checkTransactionTimeout(delivery.transactionTimeout(), problems);
    }
  }

  private Optional<SchemaIds> schemas() {
    RegistrySettings registry = settings.registry();
    try (SchemaRegistryClient client = registry.connect()) {
      SchemaRegistration registration = new SchemaRegistration(client, registry.address());
      OptionalInt results =
          ensure(
              registration,
              definition.topics().results(),
              ResultEnvelope.of(definition.name(), definition.resultSchema()).schema());
      OptionalInt deadLetters =
          ensure(registration, definition.topics().deadLetters(), DeadLetter.getClassSchema());
      checkRoutedSchemas(registration);
      return results.isPresent() && deadLetters.isPresent()
          ? Optional.of(new SchemaIds(results.getAsInt(), deadLetters.getAsInt()))
          : Optional.empty();
    } catch (RegistryUnavailableException | RegistryRefusedException e) {
      problem(REGISTRY, registry.address(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      problem("result.avsc", "", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      problem(REGISTRY, registry.address(), "the client can't be closed: " + e.getMessage());
    }
    return Optional.empty();
  }

  /** Results are the same in every topic, under one id; their subjects are for those who look. */
  private void checkRoutedSchemas(SchemaRegistration registration) {
    Schema envelope = ResultEnvelope.of(definition.name(), definition.resultSchema()).schema();
    definition.routes().stream()
        .map(Route::topic)
        .distinct()
        .forEach(topic -> ensure(registration, topic, envelope));
  }

  private OptionalInt ensure(SchemaRegistration registration, String topic, Schema schema) {
    String subject = SubjectNaming.TOPIC.valueSubject(topic, schema);
    try {
      return OptionalInt.of(
          registration.ensureRegistered(subject, schema, permissions.autoRegister()));
    } catch (RegistryRefusedException e) {
      if (isTls(e)) {
        problemOfRegistry(String.valueOf(e.getMessage()));
        return OptionalInt.empty();
      }
      problem(
          subject,
          "",
          e.getMessage() + " (kaiseki schema register, or --auto-register, registers it)");
      return OptionalInt.empty();
    }
  }

  /** The certificates and not the subject: every question meets the same refusal. */
  private static boolean isTls(Throwable refused) {
    return Stream.iterate(refused, Objects::nonNull, Throwable::getCause)
        .anyMatch(SSLException.class::isInstance);
  }

  /** Told once, however many schemas were asked for. */
  private void problemOfRegistry(String remedy) {
    if (problems.stream().noneMatch(known -> known.key().equals(REGISTRY))) {
      problem(REGISTRY, settings.registry().address(), remedy);
    }
  }

  private void problem(String key, String value, String remedy) {
    problems.add(new ConfigurationProblem(key, value, remedy));
  }
}
