package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a job gives the producers and consumers of its cluster, and whether Kafka takes it. The
 * clients themselves are made by the tasks, where a wrong {@code kafka.*} setting would be met at
 * every restart.
 */
final class ClientProperties {

  /** What decides whether a producer is idempotent; Kafka's messages name at most one of them. */
  private static final Set<String> IDEMPOTENCE =
      Set.of(
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.RETRIES_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION);

  private ClientProperties() {}

  /**
   * The producer of each sink.
   *
   * @throws ConfigurationException if the largest record is no positive number
   */
  static Properties producer(JobSettings settings) {
    Properties properties = settings.kafka().properties();
    LargestRecord.of(settings.kafka()).applyTo(properties);
    if (isExactlyOnce(settings)) {
      properties.put(
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
          String.valueOf(settings.delivery().transactionTimeout().toMillis()));
    }
    return properties;
  }

  /** Everything that Kafka's clients would refuse. No connection is made. */
  static List<ConfigurationProblem> problems(JobSettings settings) {
    KafkaSettings kafka = settings.kafka();
    List<ConfigurationProblem> problems = new ArrayList<>(ofEach(kafka));
    if (!problems.isEmpty()) {
      return problems;
    }
    try {
      ofTime(kafka, new ProducerConfig(asOfSink(settings))).ifPresent(problems::add);
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
    } catch (ConfigException e) {
      problems.add(ofSeveral(kafka, e));
    }
    try {
      new ConsumerConfig(asOfSource(settings));
    } catch (ConfigException e) {
      problems.add(ofSeveral(kafka, e));
    }
    return problems.stream().distinct().toList();
  }

  /** Values that are wrong whatever the others are. */
  private static List<ConfigurationProblem> ofEach(KafkaSettings kafka) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Secrets.redacted(kafka.client())
        .forEach(
            (key, shown) ->
                Stream.of(ProducerConfig.configDef(), ConsumerConfig.configDef())
                    .map(definition -> definition.configKeys().get(key))
                    .flatMap(Stream::ofNullable)
                    .flatMap(defined -> refused(defined, kafka.client().get(key)).stream())
                    .findFirst()
                    .ifPresent(
                        why ->
                            problems.add(
                                new ConfigurationProblem(JobKeys.KAFKA_PREFIX + key, shown, why))));
    return problems;
  }

  /** Kafka's own words about a value; empty where it takes it. */
  private static Optional<String> refused(ConfigDef.ConfigKey defined, String value) {
    try {
      Object parsed = ConfigDef.parseType(defined.name, value, defined.type);
      if (defined.validator != null) {
        defined.validator.ensureValid(defined.name, parsed);
      }
      return Optional.empty();
    } catch (ConfigException e) {
      String message = String.valueOf(e.getMessage());
      String start = " for configuration " + defined.name + ": ";
      int words = message.indexOf(start);
      return Optional.of(
          "Kafka's client refuses it: "
              + (words < 0 ? message : message.substring(words + start.length())));
    }
  }

  /** Values that do not go together. */
  private static ConfigurationProblem ofSeveral(KafkaSettings kafka, ConfigException refusal) {
    String message = String.valueOf(refusal.getMessage());
    boolean idempotence = message.contains("idempoten");
    Map<String, String> shown = Secrets.redacted(kafka.client());
    shown
        .keySet()
        .removeIf(key -> !message.contains(key) && !(idempotence && IDEMPOTENCE.contains(key)));
    String remedy =
        idempotence
            ? "; exactly-once needs acks all, retries above 0, enable.idempotence true and at most"
                + " 5 requests in flight, as Kafka has them by default: leave out what differs"
            : "";
    return shown.isEmpty()
        ? new ConfigurationProblem(
            JobKeys.KAFKA_PREFIX + "*", "", "Kafka's client refuses these: " + message)
        : new ConfigurationProblem(
            shown.keySet().stream()
                .map(JobKeys.KAFKA_PREFIX::concat)
                .collect(Collectors.joining(", ")),
            String.join(", ", shown.values()),
            "Kafka's client refuses it: " + message + remedy);
  }

  /** A relation that Kafka looks at only when it makes the producer. */
  private static Optional<ConfigurationProblem> ofTime(KafkaSettings kafka, ProducerConfig config) {
    String key = ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
    long linger = config.getLong(ProducerConfig.LINGER_MS_CONFIG);
    int request = config.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
    String value = kafka.client().get(key);
    return value == null || config.getInt(key) >= Math.min(linger + request, Integer.MAX_VALUE)
        ? Optional.empty()
        : Optional.of(
            new ConfigurationProblem(
                JobKeys.KAFKA_PREFIX + key,
                value,
                "shorter than linger.ms (%d) and request.timeout.ms (%d) together; raise it"
                    .formatted(linger, request)));
  }

  /** With what the connector adds for each of its writers. */
  private static Properties asOfSink(JobSettings settings) {
    Properties properties = producer(settings);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    if (isExactlyOnce(settings)) {
      properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.name());
    }
    return properties;
  }

  /** With what the sources and the connector add. */
  private static Properties asOfSource(JobSettings settings) {
    Properties properties = settings.kafka().properties();
    properties.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.name());
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return properties;
  }

  private static boolean isExactlyOnce(JobSettings settings) {
    return settings.delivery().guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE;
  }
}
