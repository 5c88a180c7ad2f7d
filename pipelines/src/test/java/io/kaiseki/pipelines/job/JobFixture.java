package io.kaiseki.pipelines.job;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.RestartSettings;
import io.kaiseki.pipelines.demo.OutcomeConsumer;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** One job of a small analysis with topics of its own: its input, its run, its outcomes. */
public final class JobFixture implements AutoCloseable {

  /** The folder of the analysis; tests of another module say where this module's resources are. */
  public static final String MOOD =
      Path.of(System.getProperty("kaiseki.test.resources", "src/test/resources"))
          .resolve("analyses-for-tests/mood")
          .toAbsolutePath()
          .normalize()
          .toString();

  /**
   * Complete checkpoints after which nothing is to come: one may be under way when the last outcome
   * is seen, and what a recovery has written twice is committed with the next ones.
   */
  private static final int CHECKPOINTS_UNTIL_SETTLED = 3;

  public final AnalysisDefinition definition;
  public final JobSettings settings;
  public final List<Received> outcomes = new ArrayList<>();

  private final SchemaIds schemas;
  private final AvroEncoder documents;
  private final KafkaProducer<byte[], byte[]> producer;
  private final OutcomeConsumer consumer;

  public JobFixture(KafkaSettings kafka, RegistrySettings registry, Path checkpoints) {
    this(kafka, registry, checkpoints, AnalysisOverrides.none());
  }

  public JobFixture(
      KafkaSettings kafka,
      RegistrySettings registry,
      Path checkpoints,
      AnalysisOverrides overrides) {
    this(kafka, registry, checkpoints, run -> definition(run, overrides));
  }

  /**
   * A job of any analysis.
   *
   * @param analysis loads it with topics of its own, whose names start with what it is given
   */
  public JobFixture(
      KafkaSettings kafka,
      RegistrySettings registry,
      Path checkpoints,
      Function<String, AnalysisDefinition> analysis) {
    String run = "t" + UUID.randomUUID().toString().substring(0, 8);
    this.definition = analysis.apply(run);
    this.settings = settings(run, kafka, registry, checkpoints);
    List<ConfigurationProblem> problems = new ArrayList<>();
    this.schemas =
        new Readiness(definition, settings, new Readiness.Permissions(true, 2, true))
            .establish(problems)
            .orElseThrow(() -> new ConfigurationException(problems));
    this.documents =
        new AvroEncoder(
            register(registry, definition.topics().documents()), Document.getClassSchema());
    Properties large = kafka.properties();
    large.put("max.request.size", String.valueOf(EmbeddedBroker.MESSAGE_MAX_BYTES));
    this.producer =
        new KafkaProducer<>(large, new ByteArraySerializer(), new ByteArraySerializer());
    this.consumer = new OutcomeConsumer(kafka, registry, definition.topics());
  }

  /**
   * The small analysis with topics of its own.
   *
   * @param run start of the names of its topics
   */
  public static AnalysisDefinition definition(String run, AnalysisOverrides overrides) {
    return Analyses.load(
        MOOD,
        overrides
            .with(AnalysisKeys.TOPIC_DOCUMENTS, run + "-in", "test")
            .with(AnalysisKeys.TOPIC_RESULTS, run + "-out", "test")
            .with(AnalysisKeys.TOPIC_DEAD_LETTERS, run + "-dead", "test"));
  }

  public static JobSettings settings(
      String name, KafkaSettings kafka, RegistrySettings registry, Path checkpoints) {
    return new JobSettings(
        name,
        kafka,
        registry,
        new DeliverySettings(
            DeliverySettings.Guarantee.EXACTLY_ONCE,
            checkpoints.toUri().toString(),
            Duration.ofMillis(400),
            Duration.ofMinutes(4),
            Duration.ofMinutes(10)),
        new RestartSettings(3, Duration.ofMillis(100), Duration.ofSeconds(1)),
        2);
  }

  /** Settings of a run by the command, for the same topics, checkpoints and job name. */
  public List<String> commandLine(String command, Path model) {
    return List.of(
        command,
        MOOD,
        "--model",
        model.toString(),
        "--bootstrap",
        settings.kafka().bootstrapServers(),
        "--registry",
        settings.registry().address(),
        "-s",
        "job.name=" + settings.name(),
        "-s",
        "job.checkpoints=" + settings.delivery().checkpoints(),
        "-s",
        "job.checkpoint-interval=" + settings.delivery().checkpointInterval().toMillis() + "ms",
        "-s",
        "job.checkpoint-timeout=4m",
        "-s",
        "topics.documents=" + definition.topics().documents(),
        "-s",
        "topics.results=" + definition.topics().results(),
        "-s",
        "topics.dead-letters=" + definition.topics().deadLetters());
  }

  public JobRun start(EngineSource engine) {
    return start(settings, engine);
  }

  public JobRun start(JobSettings changed, EngineSource engine) {
    return JobRun.start(job(changed, engine), new JobRun.Restore.Latest());
  }

  /** The job itself, with other settings of the same topics. */
  public AnalysisJob job(JobSettings changed, EngineSource engine) {
    return new AnalysisJob(definition, changed, engine, schemas);
  }

  /** Lets the results topic take no batches that are larger. */
  public void limitResults(int bytes) throws Exception {
    String key = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
    String value = String.valueOf(bytes);
    ConfigResource results =
        new ConfigResource(ConfigResource.Type.TOPIC, definition.topics().results());
    try (Admin admin = Admin.create(settings.kafka().properties())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  results,
                  List.of(
                      new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
      // A broker applies what the controller has taken a moment later.
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  admin
                      .describeConfigs(List.of(results))
                      .all()
                      .get()
                      .get(results)
                      .get(key)
                      .value()
                      .equals(value));
    }
  }

  public byte[] encode(String id, String title, String body) {
    Document document =
        Document.newBuilder()
            .setId(id)
            .setTitle(title)
            .setBody(body)
            .setReceivedAt(Instant.now())
            .build();
    return Objects.requireNonNull(documents.encode(document));
  }

  public RecordMetadata send(String id, byte[] value) {
    return send(
        new ProducerRecord<>(
            definition.topics().documents(), id.getBytes(StandardCharsets.UTF_8), value));
  }

  public RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads outcomes until there are this many, and then all that should not come. */
  public void awaitOutcomes(int count, JobRun run) {
    await(() -> outcomes.size() >= count, run);
    settle(run);
  }

  /** Reads what a job that runs on commits with its next checkpoints, which should be nothing. */
  public void settle(JobRun run) {
    settle(() -> joinIfFailed(run));
  }

  /**
   * As {@link #settle(JobRun)}, for a job in a process of its own.
   *
   * @param check throws if the job has ended
   */
  public void settle(Runnable check) {
    settle(settings.delivery().checkpoints(), check);
  }

  /**
   * As {@link #settle(Runnable)}, for a job whose checkpoints are seen elsewhere from here.
   *
   * @param checkpoints address of the directory that all jobs share
   */
  public void settle(String checkpoints, Runnable check) {
    String directory = RetainedCheckpoints.directory(checkpoints, settings.name());
    Set<String> complete = new HashSet<>();
    await(
        () -> {
          newest(directory).ifPresent(complete::add);
          // The first was there before.
          return complete.size() > CHECKPOINTS_UNTIL_SETTLED;
        },
        check);
    readToEnd();
  }

  /** Reads all outcomes that are committed. */
  public void readToEnd() {
    int committed =
        Stream.of(definition.topics().results(), definition.topics().deadLetters())
            .mapToInt(topic -> TopicRecords.committed(settings.kafka(), topic).size())
            .sum();
    await(() -> outcomes.size() >= committed, () -> {});
  }

  /** Reads outcomes for this long, whatever comes. */
  public void poll(Duration time) {
    outcomes.addAll(consumer.poll(time));
  }

  /** Reads outcomes until something is so; fails if the job does. */
  public void await(BooleanSupplier condition, JobRun run) {
    await(condition, () -> joinIfFailed(run));
  }

  private void await(BooleanSupplier condition, Runnable check) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              check.run();
              outcomes.addAll(consumer.poll(Duration.ofMillis(200)));
              return condition.getAsBoolean();
            });
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
  }

  private static void joinIfFailed(JobRun run) {
    if (run.result().isCompletedExceptionally()) {
      run.result().join();
    }
  }

  private static Optional<String> newest(String directory) {
    try {
      return RetainedCheckpoints.latest(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int register(RegistrySettings registry, String topic) {
    try (SchemaRegistryClient client = registry.connect()) {
      return new SchemaRegistration(client, registry.address())
          .ensureRegistered(topic + "-value", Document.getClassSchema(), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
