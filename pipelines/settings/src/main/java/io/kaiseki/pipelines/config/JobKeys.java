package io.kaiseki.pipelines.config;

import io.kaiseki.telemetry.MetricsAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a job that are not the analysis' own. Any other key is a problem, except those
 * that start with {@code kafka.} or {@code otel.}, which go to Kafka's clients and to the
 * OpenTelemetry SDK as they are.
 */
public final class JobKeys {

  public static final String KAFKA_PREFIX = "kafka.";

  /**
   * Properties of Kafka's clients that the product decides about: others' values would break a
   * promise, so they are refused.
   */
  public static final List<String> KAFKA_DECIDED =
      List.of(
          "transactional.id",
          "transaction.timeout.ms",
          "group.id",
          "enable.auto.commit",
          "isolation.level",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer");

  public static final JobKey<String> KAFKA_BOOTSTRAP =
      required(
          "kafka.bootstrap.servers", ValueForm.text(), "First brokers, as host:port,host:port.");

  public static final JobKey<String> REGISTRY_URL =
      required("registry.url", ValueForm.text(), "Address of the schema registry, or several.");
  public static final JobKey<String> REGISTRY_USER =
      optional("registry.user", ValueForm.text(), "User for basic authentication.");
  public static final JobKey<String> REGISTRY_PASSWORD =
      optional("registry.password", ValueForm.text(), "Its password.");
  public static final JobKey<String> REGISTRY_TOKEN =
      optional("registry.token", ValueForm.text(), "Bearer token, in place of user and password.");
  public static final JobKey<String> REGISTRY_TRUSTSTORE =
      optional(
          "registry.truststore.location", ValueForm.text(), "PKCS12, JKS or PEM file to trust.");
  public static final JobKey<String> REGISTRY_TRUSTSTORE_TYPE =
      withDefault(
          "registry.truststore.type",
          ValueForm.oneOf("PKCS12", "JKS", "PEM"),
          "PKCS12",
          "Form of that file.");
  public static final JobKey<String> REGISTRY_TRUSTSTORE_PASSWORD =
      optional("registry.truststore.password", ValueForm.text(), "Its password.");
  public static final JobKey<String> REGISTRY_KEYSTORE =
      optional(
          "registry.keystore.location", ValueForm.text(), "The client's own certificate and key.");
  public static final JobKey<String> REGISTRY_KEYSTORE_TYPE =
      withDefault(
          "registry.keystore.type",
          ValueForm.oneOf("PKCS12", "JKS", "PEM"),
          "PKCS12",
          "Form of that file.");
  public static final JobKey<String> REGISTRY_KEYSTORE_PASSWORD =
      optional("registry.keystore.password", ValueForm.text(), "Its password.");
  public static final JobKey<String> REGISTRY_KEYSTORE_KEY_PASSWORD =
      optional("registry.keystore.key-password", ValueForm.text(), "Password of the key in it.");

  public static final JobKey<String> NAME =
      optional(
          "job.name",
          ValueForm.name(),
          "Name of the job, of its consumer group and of its transactions; without it, kaiseki- and"
              + " the name of the analysis. Two jobs on one cluster must not share it.");
  public static final JobKey<String> DELIVERY =
      withDefault(
          "job.delivery",
          ValueForm.oneOf("exactly-once", "at-least-once"),
          "exactly-once",
          "What is promised about results.");
  public static final JobKey<Integer> PARALLELISM =
      withDefault(
          "job.parallelism",
          ValueForm.integer(1, 1024),
          1,
          "Subtasks of every operator. Those in one process share one engine.");
  public static final JobKey<String> CHECKPOINTS =
      withDefault(
          "job.checkpoints",
          ValueForm.text(),
          defaultCheckpoints(),
          "Directory of the checkpoints, or its address, which Flink must be able to write.");
  public static final JobKey<Duration> CHECKPOINT_INTERVAL =
      withDefault(
          "job.checkpoint-interval",
          ValueForm.duration(Duration.ofMillis(100), Duration.ofHours(1)),
          Duration.ofSeconds(10),
          "Time between checkpoints, and so until a result is committed.");
  public static final JobKey<Duration> CHECKPOINT_TIMEOUT =
      withDefault(
          "job.checkpoint-timeout",
          ValueForm.duration(Duration.ofSeconds(10), Duration.ofHours(24)),
          Duration.ofMinutes(5),
          "Time after which a checkpoint is given up; longer than limits.deadline of the analysis.");
  public static final JobKey<Duration> TRANSACTION_TIMEOUT =
      withDefault(
          "job.transaction-timeout",
          ValueForm.duration(Duration.ofSeconds(10), Duration.ofHours(24)),
          Duration.ofMinutes(12),
          "Time after which the broker gives up an open transaction.");
  public static final JobKey<Integer> RESTART_ATTEMPTS =
      withDefault(
          "job.restart.attempts",
          ValueForm.integer(0, 100),
          8,
          "Restarts in a row before it ends.");
  public static final JobKey<Duration> RESTART_DELAY =
      withDefault(
          "job.restart.delay",
          ValueForm.duration(Duration.ofMillis(10), Duration.ofMinutes(10)),
          Duration.ofSeconds(1),
          "Delay before the first restart; it doubles with each.");
  public static final JobKey<Duration> RESTART_MAXIMUM_DELAY =
      withDefault(
          "job.restart.maximum-delay",
          ValueForm.duration(Duration.ofMillis(10), Duration.ofHours(1)),
          Duration.ofSeconds(30),
          "Delay that it does not grow beyond.");

  /** Settings with this start go to the OpenTelemetry SDK as they are. */
  public static final String OTEL_PREFIX = "otel.";

  public static final JobKey<String> METRICS_HOST =
      withDefault(
          "metrics.host",
          ValueForm.text(),
          MetricsAddress.LOOPBACK,
          "Interface on which Prometheus finds the metrics of the process; 0.0.0.0 is all of them.");
  public static final JobKey<PortRange> METRICS_PORT =
      withDefault(
          "metrics.port",
          PortRange.form(),
          new PortRange(MetricsAddress.FIRST_PORT, MetricsAddress.LAST_PORT),
          "Port of it; of a range, the first that is free.");

  private static final List<JobKey<?>> ALL =
      List.of(
          KAFKA_BOOTSTRAP,
          REGISTRY_URL,
          REGISTRY_USER,
          REGISTRY_PASSWORD,
          REGISTRY_TOKEN,
          REGISTRY_TRUSTSTORE,
          REGISTRY_TRUSTSTORE_TYPE,
          REGISTRY_TRUSTSTORE_PASSWORD,
          REGISTRY_KEYSTORE,
          REGISTRY_KEYSTORE_TYPE,
          REGISTRY_KEYSTORE_PASSWORD,
          REGISTRY_KEYSTORE_KEY_PASSWORD,
          NAME,
          DELIVERY,
          PARALLELISM,
          CHECKPOINTS,
          CHECKPOINT_INTERVAL,
          CHECKPOINT_TIMEOUT,
          TRANSACTION_TIMEOUT,
          RESTART_ATTEMPTS,
          RESTART_DELAY,
          RESTART_MAXIMUM_DELAY,
          METRICS_HOST,
          METRICS_PORT);

  private JobKeys() {}

  /** Every key, in the order of the reference page. */
  public static List<JobKey<?>> all() {
    return ALL;
  }

  /**
   * A setting of a job, as data.
   *
   * @param name the dotted key
   * @param form the values it takes
   * @param required whether it must be given
   * @param defaultValue its value where it is not given; null where that means "none"
   * @param description one line for the reference page
   */
  public record JobKey<T>(
      String name,
      ValueForm<T> form,
      boolean required,
      @Nullable T defaultValue,
      String description) {}

  private static <T> JobKey<T> required(String name, ValueForm<T> form, String description) {
    return new JobKey<>(name, form, true, null, description);
  }

  private static <T> JobKey<T> optional(String name, ValueForm<T> form, String description) {
    return new JobKey<>(name, form, false, null, description);
  }

  private static <T> JobKey<T> withDefault(
      String name, ValueForm<T> form, T defaultValue, String description) {
    return new JobKey<>(name, form, false, defaultValue, description);
  }

  private static String defaultCheckpoints() {
    return System.getProperty("user.home") + "/.local/state/kaiseki/checkpoints";
  }
}
