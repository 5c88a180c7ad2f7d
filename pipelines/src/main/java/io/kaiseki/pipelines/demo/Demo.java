package io.kaiseki.pipelines.demo;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.RestartSettings;
import io.kaiseki.pipelines.demo.DemoListener.Phase;
import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import io.kaiseki.pipelines.embedded.EmbeddedDesk;
import io.kaiseki.pipelines.embedded.EmbeddedRegistry;
import io.kaiseki.pipelines.embedded.Installation;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.TopicSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole product on one machine: a broker, a registry, the ticket triage job with a model in
 * process, a stream of tickets, and a consumer that counts what comes out.
 */
public final class Demo implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Demo.class);
  private static final String ANALYSIS = "ticket-triage";
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

  /**
   * A live ticket that waits for minutes is better read by a person, but a sample ticket has nobody
   * to read it: a large model on a small machine, which takes minutes for what the operator holds,
   * shall answer all the same.
   */
  private static final Duration DEADLINE = Duration.ofHours(1);

  private static final Duration CHECKPOINT_TIMEOUT = DEADLINE.plusMinutes(5);
  private static final Duration TRANSACTION_TIMEOUT = CHECKPOINT_TIMEOUT.multipliedBy(2);

  private static final Duration POLL = Duration.ofMillis(200);

  /** How long a second outcome of a document is waited for at the end: several checkpoints. */
  private static final Duration DUPLICATE_WATCH = CHECKPOINT_INTERVAL.multipliedBy(3);

  /** Documents on their way, for each slot of the model, beyond which the stream pauses. */
  private static final int OPEN_PER_SLOT = 8;

  private final DemoOptions options;
  private final DemoListener listener;
  private final Path directory;
  private final Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
  private final List<AutoCloseable> opened = new ArrayList<>();

  /**
   * Prepares a demo; nothing is started yet.
   *
   * @param directory an empty directory for the broker's log, checkpoints and the registry's log
   */
  public Demo(DemoOptions options, Path directory, DemoListener listener) {
    this.options = options;
    this.directory = directory;
    this.listener = listener;
  }

  /**
   * Runs it until every document has come out or a stop is requested. The services stay up until
   * {@link #close}.
   *
   * @throws IllegalStateException if the job fails
   */
  public DemoResult run() throws Exception {
    CompletableFuture<EmbeddedRegistry> registryStart = startRegistry();
    EmbeddedBroker broker =
        phase(Phase.BROKER, () -> open(startBroker()), EmbeddedBroker::bootstrapServers);
    EmbeddedRegistry registry = phase(Phase.REGISTRY, registryStart::get, EmbeddedRegistry::url);
    Model model = phase(Phase.MODEL, this::model, loaded -> loaded.engine().description().model());
    AnalysisDefinition definition = model.definition();
    JobSettings settings =
        settings(
            options.guarantee(),
            directory.resolve("checkpoints"),
            KafkaSettings.plain(broker.bootstrapServers()),
            RegistrySettings.of(registry.url()));
    TopicSchemas schemas =
        phase(
            Phase.TOPICS,
            () -> TopicSchemas.establish(definition, settings),
            ids -> definition.topics().documents() + ", " + definition.topics().results());
    JobRun run =
        phase(
            Phase.JOB,
            () ->
                open(
                    JobRun.start(
                        new AnalysisJob(definition, settings, model.source(), schemas.job()),
                        new JobRun.Restore.Nothing())),
            started -> settings.delivery().guarantee().word());
    Installation.desk()
        .filter(libraries -> options.desk())
        .ifPresent(libraries -> startDesk(libraries, broker, registry));
    Tally tally = new Tally();
    phase(
        Phase.DOCUMENTS,
        () -> stream(definition, settings, schemas.documents(), run, tally),
        counted -> counted.documents() + " sent");
    // Without the watch for duplicates, which is no work of the job.
    phases.put(Phase.DOCUMENTS, tally.span());
    return new DemoResult(tally, phases, model.engine().description());
  }

  /** Ends everything, the last first. */
  @Override
  public void close() {
    for (int i = opened.size() - 1; i >= 0; i--) {
      try {
        opened.get(i).close();
      } catch (Exception e) {
        // The others shall end all the same.
        LOG.warn("a service of the demo could not be ended: {}", e.toString(), e);
      }
    }
    opened.clear();
  }

  private Tally stream(
      AnalysisDefinition definition,
      JobSettings settings,
      int documentSchema,
      JobRun run,
      Tally tally)
      throws IOException {
    TicketStream.Pace pace =
        new TicketStream.Pace(
            options.perSecond(), (long) definition.model().slots() * OPEN_PER_SLOT);
    try (OutcomeConsumer consumer =
            new OutcomeConsumer(settings.kafka(), settings.registry(), definition.topics());
        TicketStream stream =
            new TicketStream(
                options.documents().orElse(Long.MAX_VALUE),
                definition.topics().documents(),
                documentSchema,
                settings.kafka(),
                tally,
                pace)) {
      while (!listener.stopRequested() && !(stream.done().isDone() && tally.open() <= 0)) {
        consumer.poll(POLL).forEach(tally::received);
        listener.progress(tally);
        requireHealthy(run, stream);
      }
      Instant end = Instant.now().plus(DUPLICATE_WATCH);
      while (Instant.now().isBefore(end) && !listener.stopRequested()) {
        consumer.poll(POLL).forEach(tally::received);
      }
      listener.progress(tally);
      return tally;
    }
  }

  private static void requireHealthy(JobRun run, TicketStream stream) {
    if (run.result().isDone()) {
      run.result().join();
      throw new IllegalStateException("the job ended by itself, which a stream never does");
    }
    if (stream.done().isCompletedExceptionally()) {
      stream.done().join();
    }
  }

  private void startDesk(Path libraries, EmbeddedBroker broker, EmbeddedRegistry registry) {
    Callable<EmbeddedDesk> start =
        () ->
            open(
                EmbeddedDesk.start(
                    libraries,
                    ANALYSIS,
                    broker.bootstrapServers(),
                    registry.url(),
                    directory.resolve("desk")));
    try {
      phase(Phase.DESK, start, desk -> "open " + desk.url() + " in a browser");
    } catch (Exception e) {
      throw new IllegalStateException("the desk did not start; --no-desk leaves it out", e);
    }
  }

  private EmbeddedBroker startBroker() {
    return EmbeddedBroker.start(
        directory.resolve("broker"),
        options.port(),
        Map.of("transaction.max.timeout.ms", String.valueOf(TRANSACTION_TIMEOUT.toMillis())));
  }

  /** The registry takes its time in a process of its own, while the broker starts in this one. */
  private CompletableFuture<EmbeddedRegistry> startRegistry() {
    CompletableFuture<EmbeddedRegistry> start =
        CompletableFuture.supplyAsync(
            () ->
                EmbeddedRegistry.start(Installation.registry(), directory.resolve("registry.log")));
    open(() -> start.thenAccept(EmbeddedRegistry::close).get());
    return start;
  }

  /** An engine that is loaded, and where the job gets the same one. */
  private record Model(
      AnalysisDefinition definition, EngineSource source, InferenceEngine engine) {}

  private Model model() {
    Path file = options.model().orElseGet(Installation::demoModel);
    AnalysisDefinition definition = definition(file);
    EngineSource source = definition.toEngineSource();
    return new Model(definition, source, open(source.acquire()));
  }

  /** The analysis that it shows, with a model. */
  static AnalysisDefinition definition(Path model) {
    return Analyses.loadToRun(
        ANALYSIS,
        AnalysisOverrides.none()
            .with(AnalysisKeys.MODEL_FILE, model.toString(), "--model")
            .with(AnalysisKeys.LIMIT_DEADLINE, DEADLINE, "demo")
            // The same tickets come round again, and reused answers would count as throughput.
            .with(AnalysisKeys.MODEL_ANSWER_CACHE, 0, "demo"));
  }

  /** The job on these services. */
  static JobSettings settings(
      DeliverySettings.Guarantee guarantee,
      Path checkpoints,
      KafkaSettings kafka,
      RegistrySettings registry) {
    return new JobSettings(
        "kaiseki-demo",
        kafka,
        registry,
        new DeliverySettings(
            guarantee,
            DeliverySettings.address(checkpoints),
            CHECKPOINT_INTERVAL,
            CHECKPOINT_TIMEOUT,
            TRANSACTION_TIMEOUT),
        new RestartSettings(3, Duration.ofSeconds(1), Duration.ofSeconds(10)),
        1);
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  private <T> T phase(Phase phase, Callable<T> work, Function<T, String> detail) throws Exception {
    listener.started(phase);
    long start = System.nanoTime();
    T result = work.call();
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    phases.put(phase, time);
    listener.ended(phase, time, detail.apply(result));
    return result;
  }
}
