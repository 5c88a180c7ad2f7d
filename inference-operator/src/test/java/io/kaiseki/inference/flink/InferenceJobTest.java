package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 4, unit = TimeUnit.MINUTES)
class InferenceJobTest {

  private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(20);
  private static final Duration SOON = Duration.ofSeconds(60);

  /** More than a checkpoint takes that nothing holds up; a busy machine takes longer at times. */
  private static final Duration EFFECT = Duration.ofSeconds(3);

  private static final int CAPACITY = 4;
  private static final int MORE_THAN_ANY_TEST_SENDS = 10_000;
  private static final AtomicInteger STARTS_WITHOUT_MODEL = new AtomicInteger();

  @RegisterExtension
  static final MiniClusterExtension FLINK =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  @Test
  void every_document_comes_out_of_one_of_two_streams() throws Exception {
    try (var engine =
        ScriptedEngine.running(
            (call, index) -> {
              if (index % 3 == 0) {
                call.fail(FailureReason.TOO_LONG);
              } else {
                call.answer();
              }
            })) {
      var environment = environment(false);
      InferenceStreams<Long> streams =
          AsyncInference.<Long>builder()
              .analysis(Completions.ANALYSIS)
              .engine(engine.source())
              .documentId(String::valueOf)
              .text(String::valueOf)
              .build()
              .apply(environment.fromSequence(0, 29));
      DataStream<String> answered =
          streams
              .answered()
              .map(it -> "answered " + it.outcome().completion().answer().get("summary"));
      DataStream<String> failed =
          streams.failed().map(it -> it.outcome().reason() + " " + it.input());

      List<String> ends = collect(answered.union(failed));

      assertThat(ends).hasSize(30).doesNotHaveDuplicates();
      assertThat(ends).filteredOn(end -> end.startsWith("TOO_LONG ")).hasSize(10);
      assertThat(ends).filteredOn(end -> end.startsWith("answered ")).hasSize(20);
      await().until(() -> engine.holds() == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void checkpoints_complete_while_the_queue_is_full_and_no_call_ends(
      boolean unaligned, @InjectMiniCluster MiniCluster cluster) throws Exception {
    try (var engine = ScriptedEngine.holding()) {
      var environment = environment(unaligned);
      analyse(documents(environment, CAPACITY).rebalance(), inference(engine).build());
      JobClient job = environment.executeAsync();
      await().until(() -> engine.open().size() == CAPACITY);

      awaitCheckpoints(cluster, job.getJobID(), 5);

      assertThat(engine.open()).hasSize(CAPACITY);
      cancel(job);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_checkpoint_behind_a_full_queue_waits_for_one_document_and_no_more(
      boolean unalignedThroughTheNetwork, @InjectMiniCluster MiniCluster cluster) throws Exception {
    try (var engine = ScriptedEngine.holding()) {
      var environment = environment(unalignedThroughTheNetwork);
      environment.enableCheckpointing(Duration.ofHours(1).toMillis());
      DataStream<String> documents = documents(environment, Integer.MAX_VALUE);
      analyse(
          unalignedThroughTheNetwork ? documents.rebalance() : documents,
          inference(engine).build());
      JobClient job = environment.executeAsync();
      await().until(() -> engine.open().size() == CAPACITY);
      CommonTestUtils.waitForAllTaskRunning(cluster, job.getJobID(), false);

      int afterOne = 0;
      for (int i = 0; i < 5; i++) {
        CompletableFuture<String> checkpoint = cluster.triggerCheckpoint(job.getJobID());
        await()
            .until(() -> counts(cluster, job.getJobID()).getNumberOfInProgressCheckpoints() == 1);
        afterOne += endOneCall(engine, checkpoint) ? 1 : 0;
      }
      assertThat(afterOne).as("checkpoints that waited for one document").isPositive();
      cancel(job);
    }
  }

  @Test
  void documents_that_the_engine_never_answers_fail_by_their_deadline_without_a_restart()
      throws Exception {
    try (var engine = ScriptedEngine.holding()) {
      var environment = environment(false);
      var inference =
          inference(engine).deadline(Duration.ofMillis(200)).grace(Duration.ofMillis(50)).build();
      DataStream<String> documents = environment.fromSequence(0, 9).map(String::valueOf);

      List<String> reasons =
          collect(
              inference
                  .apply(documents)
                  .failed()
                  .map(it -> it.input() + " " + it.outcome().reason()));

      assertThat(reasons)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.range(0, 10).mapToObj(number -> number + " DEADLINE").toList());
      assertThat(engine.timesAcquired()).isEqualTo(1);
      assertThat(engine.open()).isEmpty();
    }
  }

  @Test
  void a_failed_task_loses_no_document_and_doubles_none() throws Exception {
    try (var engine =
        ScriptedEngine.running(
            (call, index) -> {
              if (index == 50 || index == 90) {
                call.fail(FailureReason.CANCELLED);
              } else {
                call.answer();
              }
            })) {
      var environment = environment(false);
      DataStream<String> documents = environment.fromSequence(0, 99).map(String::valueOf);

      List<String> ids =
          collect(inference(engine).build().apply(documents).answered().map(it -> it.input()));

      assertThat(ids)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.range(0, 100).mapToObj(String::valueOf).toList());
      assertThat(engine.timesAcquired()).isEqualTo(3);
    }
  }

  @Test
  void an_engine_that_can_not_start_fails_the_job_at_once_whatever_the_restart_strategy() {
    var environment = environment(false);
    var inference =
        AsyncInference.<String>builder()
            .analysis(Completions.ANALYSIS)
            .engine(
                () -> {
                  STARTS_WITHOUT_MODEL.incrementAndGet();
                  throw new EngineUnavailableException("model file r1.gguf does not exist");
                })
            .documentId(document -> document)
            .text(document -> document)
            .build();
    analyse(documents(environment, 1), inference);

    assertThatThrownBy(environment::execute)
        .hasStackTraceContaining("analyse ticket-triage")
        .hasStackTraceContaining("model file r1.gguf does not exist");
    assertThat(STARTS_WITHOUT_MODEL).hasValue(1);
  }

  @Test
  void a_job_cancelled_amid_calls_ends_and_leaves_nothing_behind() throws Exception {
    try (var engine = ScriptedEngine.holding()) {
      var environment = environment(false);
      analyse(documents(environment, Integer.MAX_VALUE), inference(engine).build());
      JobClient job = environment.executeAsync();
      await().until(() -> engine.open().size() == CAPACITY);

      cancel(job);

      assertThat(engine.holds()).isZero();
      assertThat(engine.calls()).allMatch(call -> call.future().isCancelled());
      await()
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(thread -> thread.getName().startsWith("inference-retries")));
    }
  }

  private static StreamExecutionEnvironment environment(boolean unaligned) {
    var configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1_000);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
    configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, unaligned);
    var environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(1);
    return environment;
  }

  private static DataStream<String> documents(StreamExecutionEnvironment environment, int count) {
    return environment.fromSource(
        FirstDocuments.source(count), WatermarkStrategy.noWatermarks(), "documents");
  }

  private static AsyncInference.Builder<String> inference(ScriptedEngine engine) {
    return AsyncInference.<String>builder()
        .analysis(Completions.ANALYSIS)
        .engine(engine.source())
        .documentId(document -> document)
        .text(document -> document)
        .capacity(CAPACITY);
  }

  private static void analyse(DataStream<String> documents, AsyncInference<String> inference) {
    InferenceStreams<String> streams = inference.apply(documents);
    streams.answered().sinkTo(new DiscardingSink<>());
    streams.failed().sinkTo(new DiscardingSink<>());
  }

  private static List<String> collect(DataStream<String> stream) throws Exception {
    return stream.executeAndCollect(MORE_THAN_ANY_TEST_SENDS);
  }

  private static CheckpointStatsCounts counts(MiniCluster cluster, JobID job) throws Exception {
    AccessExecutionGraph graph = cluster.getExecutionGraph(job).get();
    return graph.getCheckpointStatsSnapshot().getCounts();
  }

  private static void awaitCheckpoints(MiniCluster cluster, JobID job, long count) {
    await().until(() -> counts(cluster, job).getNumberOfCompletedCheckpoints() >= count);
  }

  /**
   * Ends one call, and another where the first ended before the task heard of the checkpoint.
   *
   * @return whether one was enough
   */
  private static boolean endOneCall(ScriptedEngine engine, CompletableFuture<String> checkpoint)
      throws Exception {
    await().until(() -> engine.open().size() == CAPACITY);
    engine.open().get(0).answer();
    try {
      checkpoint.get(EFFECT.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      await().until(() -> engine.open().size() == CAPACITY);
      engine.open().get(0).answer();
      assertThat(checkpoint).as("after a second one at the latest").succeedsWithin(SOON);
      return false;
    }
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(SOON);
  }

  private static void cancel(JobClient job) throws Exception {
    job.cancel().get();
    await().until(() -> job.getJobStatus().get() == JobStatus.CANCELED);
  }
}
