package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ProcessMemory;
import io.kaiseki.inference.llamacpp.TinyModel;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.SchemaBuilder;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs on a genuine engine, when they are cancelled and when they restart. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LlamaCppJobIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int RESTARTS = 50;
  private static final int SLOTS = 2;
  private static final AtomicInteger STARTS = new AtomicInteger();
  private static final Set<EngineDescription> LOADED =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private final LlamaCppSettings settings =
      new LlamaCppSettings(
          TinyModel.file().toString(), "", SLOTS, 16_384, 256, 1, LlamaCppSettings.SHIPPED_LIBRARY);

  @Test
  void a_job_cancelled_while_the_model_thinks_ends_soon_and_leaves_slots_and_threads_free()
      throws Exception {
    EngineSource engine = LlamaCppEngine.source(settings);
    try (InferenceEngine observer = engine.acquire()) {
      var environment = environment();
      analyse(environment, engine, new ReasoningPolicy.Always(6_000), false);
      JobClient job = environment.executeAsync();
      await().atMost(SOON).until(() -> observer.statistics().slotsBusy() == SLOTS);
      await().atMost(SOON).until(() -> observer.statistics().queued() > 0);

      job.cancel().get();
      await().atMost(SOON).until(() -> job.getJobStatus().get() == JobStatus.CANCELED);

      await().atMost(SOON).until(() -> idle(observer.statistics()));
      await()
          .atMost(SOON)
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .map(Thread::getName)
                      .noneMatch(
                          name ->
                              name.contains("analyse ticket")
                                  || name.startsWith("inference-retries")));
    }
  }

  @Test
  void fifty_restarts_load_the_model_once_and_take_no_more_memory() throws Exception {
    ProcessMemory.require();
    LlamaCppSettings own = settings;
    EngineSource counted =
        () -> {
          InferenceEngine engine = LlamaCppEngine.source(own).acquire();
          LOADED.add(engine.description());
          STARTS.incrementAndGet();
          return engine;
        };
    var environment = environment();
    analyse(environment, counted, ReasoningPolicy.OFF, true);
    JobClient job = environment.executeAsync();

    await().atMost(SOON).until(() -> STARTS.get() > 2);
    long second = ProcessMemory.allocatedMebibytes();
    await().atMost(Duration.ofMinutes(3)).until(() -> STARTS.get() > RESTARTS);
    long last = ProcessMemory.allocatedMebibytes();
    job.cancel().get();

    assertThat(LOADED).hasSize(1);
    assertThat(last - second).isLessThan(64);
    try (InferenceEngine engine = LlamaCppEngine.source(settings).acquire()) {
      assertThat(LOADED).contains(engine.description());
      await().atMost(SOON).until(() -> idle(engine.statistics()));
    }
  }

  private static boolean idle(EngineStatistics statistics) {
    return statistics.slotsBusy() == 0 && statistics.queued() == 0;
  }

  private static StreamExecutionEnvironment environment() {
    var configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1_000);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    var environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(1);
    return environment;
  }

  /** A job that fails, if it shall, on its first answer. */
  private static void analyse(
      StreamExecutionEnvironment environment,
      EngineSource engine,
      ReasoningPolicy reasoning,
      boolean failing) {
    var schema = SchemaBuilder.record("Ticket").fields().requiredBoolean("urgent").endRecord();
    InferenceStreams<String> streams =
        AsyncInference.<String>builder()
            .analysis(new Analysis("ticket", "v1", "Is it urgent?", Contract.of(schema), reasoning))
            .engine(engine)
            .documentId(document -> document)
            .text(document -> "Ticket " + document)
            .capacity(3 * SLOTS)
            .build()
            .apply(
                environment.fromSource(
                    FirstDocuments.source(Integer.MAX_VALUE),
                    WatermarkStrategy.noWatermarks(),
                    "documents"));
    streams
        .answered()
        .map(
            answered -> {
              if (failing) {
                throw new IllegalStateException("a fault behind the operator");
              }
              return answered.input();
            })
        .returns(String.class)
        .sinkTo(new DiscardingSink<>());
    streams.failed().sinkTo(new DiscardingSink<>());
  }
}
