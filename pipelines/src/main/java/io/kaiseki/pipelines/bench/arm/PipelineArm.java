package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisLimits;
import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.analysis.DocumentHandling;
import io.kaiseki.pipelines.analysis.ModelSettings;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.RestartSettings;
import io.kaiseki.pipelines.demo.OutcomeConsumer;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.SchemaIds;
import io.kaiseki.pipelines.job.TopicSchemas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/**
 * The whole job of {@code kaiseki run}, exactly once, with broker and engine in this process on the
 * same cores; only its documents are in the lane of all arms. What Flink, Kafka and Avro cost is
 * the difference to {@link EngineArm}.
 *
 * <p>The job runs and has answered one document before the clock starts; then all documents come
 * into its topic at once. The clock stops when the last result is handed to the sink, which tells
 * that in the result itself; consumers see it with the checkpoint that follows.
 */
public final class PipelineArm implements Arm {

  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(11);
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(14);

  private final LlamaCppSettings settings;
  private final PipelineServices services;
  private int passes;

  /**
   * @param settings the model and how it is run, its slots among it
   */
  public PipelineArm(LlamaCppSettings settings, PipelineServices services) {
    this.settings = settings;
    this.services = services;
  }

  @Override
  public ArmKind kind() {
    return ArmKind.PIPELINE;
  }

  @Override
  public int slots() {
    return settings.slots();
  }

  @Override
  public Pass run(Workload workload, PassProgress progress) {
    String name = "bench-" + settings.slots() + "-" + ++passes;
    AnalysisDefinition definition = definition(name, workload.analysis(), model());
    EngineSource source = LlamaCppEngine.source(settings);
    // The job shares it: the model is loaded before, and a model that can't be used fails here.
    InferenceEngine engine = source.acquire();
    try {
      JobSettings job =
          job(
              name,
              services,
              DeliverySettings.Guarantee.EXACTLY_ONCE,
              JobKeys.CHECKPOINT_INTERVAL.defaultValue());
      TopicSchemas schemas = TopicSchemas.establish(definition, job);
      progress.check();
      try (JobRun run =
              JobRun.start(
                  analysisJob(definition, job, source, schemas.job()),
                  new JobRun.Restore.Nothing());
          OutcomeConsumer results =
              new OutcomeConsumer(job.kafka(), job.registry(), definition.topics());
          PipelineFeed feed =
              new PipelineFeed(job.kafka(), definition.topics().documents(), schemas.documents())) {
        PipelinePass pass = new PipelinePass(run, results, feed, progress);
        pass.warmUp(workload.warmUp());
        return pass.measure(workload.documents());
      }
    } catch (ArmFailedException | CancellationException e) {
      throw e;
    } catch (Exception e) {
      throw new ArmFailedException(String.valueOf(e.getMessage()), e);
    } finally {
      engine.close();
    }
  }

  @Override
  public void close() {
    // Each pass has ended its job; the services belong to the bench.
  }

  private ModelSettings model() {
    return new ModelSettings(
        Optional.of(Path.of(settings.modelFile())),
        settings.modelSha256(),
        settings.slots(),
        settings.contextTokens(),
        settings.batchTokens(),
        settings.threads(),
        settings.library(),
        settings.answerCache());
  }

  /** The job of {@code kaiseki run} in the lane of all arms. */
  static AnalysisJob analysisJob(
      AnalysisDefinition definition, JobSettings settings, EngineSource engine, SchemaIds schemas) {
    AnalysisJob live = new AnalysisJob(definition, settings, engine, schemas);
    return new AnalysisJob(
        definition, settings, engine, schemas, new InputInLane(live.input(), LANE));
  }

  /**
   * An analysis with topics of its own.
   *
   * @param name start of the names of the topics
   */
  static AnalysisDefinition definition(String name, Analysis analysis, ModelSettings model) {
    return new AnalysisDefinition(
        analysis.name(),
        analysis.name(),
        "",
        analysis.instructions(),
        analysis.contract(),
        new AnalysisTopics(name + ".documents", name + ".results", name + ".dead-letters"),
        model,
        analysis.reasoning(),
        new AnalysisLimits(DEADLINE, OptionalInt.empty()),
        new DocumentHandling(analysis.longDocuments(), analysis.masking(), true),
        false,
        List.of());
  }

  /** A job of one subtask beside these services, which are started if need be. */
  static JobSettings job(
      String name,
      PipelineServices services,
      DeliverySettings.Guarantee guarantee,
      Duration checkpointInterval)
      throws Exception {
    return new JobSettings(
        name,
        services.kafka(),
        services.registry(),
        new DeliverySettings(
            guarantee,
            DeliverySettings.address(services.directory().resolve("checkpoints")),
            checkpointInterval,
            CHECKPOINT_TIMEOUT,
            TRANSACTION_TIMEOUT),
        new RestartSettings(1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
        1);
  }
}
