package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.arm.ArmChoice;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.arm.OpenAiServer;
import io.kaiseki.pipelines.bench.peer.LlamaModelPeer;
import io.kaiseki.pipelines.bench.report.ArmMeasurement;
import io.kaiseki.pipelines.bench.report.BenchReport;
import io.kaiseki.pipelines.bench.report.Equality;
import io.kaiseki.pipelines.bench.report.MixedReport;
import io.kaiseki.pipelines.bench.report.OverheadReport;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.job.TinyModel;
import io.kaiseki.pipelines.serve.ChatServer;
import io.kaiseki.pipelines.serve.ServeSettings;
import io.kaiseki.schemas.registry.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Benches of the real engine, the real other library and the real job, on a made-up model. */
@ExtendWith(EnginesNotKept.class)
class BenchIT {

  private static final LlamaCppSettings SETTINGS =
      new LlamaCppSettings(TinyModel.file().toString(), "", 1, 0, 512, 1, "");
  private static final int ARMS = ArmKind.values().length;
  private static final Workload WORKLOAD = Workload.named("triage", 2).orElseThrow();
  private static final OpenAiServer NOBODY =
      new OpenAiServer(URI.create("http://127.0.0.1:1"), "none", Optional.empty());

  private static final Secret KEY = Secret.of("key-of-the-test");
  private static final ServeSettings SERVE =
      new ServeSettings(
          "127.0.0.1",
          0,
          Optional.of(KEY),
          1 << 20,
          8,
          Duration.ofMinutes(5),
          Optional.empty(),
          OptionalInt.empty());

  @TempDir Path directory;

  @Test
  void all_arms_take_turns_and_answer_every_document() throws Exception {
    RecordedListener listener = new RecordedListener();
    LlamaCppSettings server =
        new LlamaCppSettings(TinyModel.file().toString(), "", 2, 0, 256, 1, "");
    BenchReport report;
    try (InferenceEngine engine = LlamaCppEngine.source(server).acquire();
        ChatServer serve = ChatServer.start(SERVE, engine)) {
      OpenAiServer address = new OpenAiServer(serve.url(), serve.models().get(0), Optional.of(KEY));
      report =
          new Bench(
                  plan(Arrays.asList(ArmKind.values()), List.of(2), 2, address),
                  listener,
                  () -> false)
              .run();
      assertThat(engine.statistics().answered())
          .as("a warm-up of both slots and every document, in each round")
          .isEqualTo(2 * (2 + WORKLOAD.documents().size()));
    }

    assertThat(listener.failures).isEmpty();
    List<String> first = listener.steps.subList(1, 1 + ARMS);
    List<String> second = new ArrayList<>(listener.steps.subList(2 + ARMS, 2 + 2 * ARMS));
    Collections.reverse(second);
    assertThat(second).as("the second round goes the other way round").isEqualTo(first);
    assertThat(report.stopped()).isFalse();
    assertThat(report.rates())
        .as("before each round and after the last")
        .hasSize(3)
        .allSatisfy(rates -> assertThat(rates.prefillBehind()).isPositive());
    assertThat(report.arms()).hasSize(ARMS);
    assertThat(report.rows())
        .allSatisfy(
            row -> {
              assertThat(row.arm().passes()).hasSize(2);
              assertThat(row.arm().passes())
                  .allSatisfy(pass -> assertThat(pass.answers()).hasSize(2).doesNotContainNull());
              assertThat(row.rate().orElseThrow().median()).isPositive();
              assertThat(row.toBestLlamaModel()).isPresent();
            });
    assertThat(tokens(report, ArmKind.ENGINE)).as("instructions are shared").isZero();
    assertThat(tokens(report, ArmKind.PIPELINE)).as("instructions are shared").isZero();
    assertThat(tokens(report, ArmKind.SEQUENTIAL))
        .as("instructions are read for every document")
        .isEqualTo(2L * report.sizing().prefix());
    assertThat(equality(report, ArmKind.PIPELINE).documents()).isEqualTo(2);
    assertThat(equality(report, ArmKind.OPENAI).broken()).isZero();
    assertThat(forced(report, ArmKind.ENGINE_ARRAY))
        .as("names are not written")
        .isLessThan(forced(report, ArmKind.ENGINE));
    assertThat(equality(report, ArmKind.LLAMA_MODEL).broken())
        .as("the grammar holds the other library to the contract")
        .isZero();
    assertNoProcessIsLeft();
  }

  @Test
  void an_arm_that_fails_tells_why_and_the_others_go_on() {
    RecordedListener listener = new RecordedListener();

    BenchReport report =
        new Bench(
                plan(List.of(ArmKind.OPENAI, ArmKind.ENGINE), List.of(1), 2, NOBODY),
                listener,
                () -> false)
            .run();

    ArmMeasurement openAi = report.arms().get(0);
    assertThat(openAi.passes()).isEmpty();
    assertThat(openAi.failure().orElseThrow()).contains("http://127.0.0.1:1/v1 can't be reached");
    assertThat(listener.failures).as("it is not tried again").hasSize(1);
    assertThat(report.arms().get(1).passes()).hasSize(2);
  }

  @Test
  void a_stop_keeps_whole_passes_counts_no_other_document_and_leaves_no_process() {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong answered = new AtomicLong();
    RecordedListener listener =
        new RecordedListener(
            step -> {
              if (step.startsWith("llama-model")) {
                answered.incrementAndGet();
                stop.set(true);
              }
            });
    Workload many = Workload.named("triage", 200).orElseThrow();
    BenchPlan plan =
        new BenchPlan(
            SETTINGS,
            many,
            ArmChoice.all(List.of(ArmKind.LLAMA_MODEL), List.of(1)),
            3,
            false,
            Optional.empty(),
            directory);

    BenchReport report = new Bench(plan, listener, stop::get).run();

    assertThat(report.stopped()).isTrue();
    assertThat(report.arms().get(0).passes()).isEmpty();
    assertThat(report.arms().get(0).failure()).isEmpty();
    assertThat(answered.get()).isLessThan(200);
    assertNoProcessIsLeft();
  }

  @Test
  void a_cold_engine_reads_the_instructions_once_when_the_clock_runs() {
    BenchPlan plan =
        new BenchPlan(
            SETTINGS,
            WORKLOAD,
            ArmChoice.all(List.of(ArmKind.ENGINE), List.of(2)),
            1,
            true,
            Optional.empty(),
            directory);

    BenchReport report = new Bench(plan, new RecordedListener(), () -> false).run();

    assertThat(tokens(report, ArmKind.ENGINE)).isEqualTo(report.sizing().prefix());
  }

  @Test
  void a_stop_does_not_wait_until_the_machine_s_rates_are_measured() {
    AtomicInteger asked = new AtomicInteger();
    BenchPlan plan = plan(List.of(ArmKind.ENGINE), List.of(2), 1, NOBODY);

    BenchReport report =
        new Bench(
                plan, new RecordedListener(), () -> measuringRates() && asked.incrementAndGet() > 3)
            .run();

    assertThat(report.stopped()).isTrue();
    assertThat(report.rates()).isEmpty();
  }

  private static boolean measuringRates() {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getClassName().contains("ModelRates")));
  }

  @Test
  void documents_that_a_stop_cancels_are_not_counted_as_done() {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong answered = new AtomicLong();
    RecordedListener listener =
        new RecordedListener(
            step -> {
              answered.incrementAndGet();
              stop.set(true);
            });
    Workload many = Workload.named("triage", 100).orElseThrow();
    BenchPlan plan =
        new BenchPlan(
            SETTINGS,
            many,
            ArmChoice.all(List.of(ArmKind.ENGINE), List.of(2)),
            1,
            false,
            Optional.empty(),
            directory);

    BenchReport report = new Bench(plan, listener, stop::get).run();

    assertThat(report.stopped()).isTrue();
    assertThat(report.arms().get(0).passes()).isEmpty();
    assertThat(answered.get()).isBetween(1L, 99L);
  }

  @Test
  void live_documents_are_measured_alone_and_over_a_backfill_in_every_round() {
    RecordedListener listener = new RecordedListener();
    MixedPlan plan =
        new MixedPlan(
            SETTINGS,
            Workload.named(Workload.MIXED, 4).orElseThrow(),
            List.of(2),
            2,
            0.5,
            Arrivals.POISSON);

    MixedReport report = new MixedBench(plan, listener, () -> false).run();

    assertThat(listener.steps)
        .containsExactly(
            "backfill alone, 2 slots",
            "live alone, 2 slots",
            "live over backfill, 2 slots",
            "backfill alone, 2 slots",
            "live alone, 2 slots",
            "live over backfill, 2 slots");
    MixedReport.Measurement measured = report.measured().get(2);
    assertThat(measured.alone().getTotalCount()).isEqualTo(8);
    assertThat(measured.over().getTotalCount()).isEqualTo(8);
    assertThat(measured.idle()).hasSize(2).allSatisfy(rate -> assertThat(rate).isPositive());
    assertThat(report.json().at("/slots/0/liveOverBackfill/p99").asDouble()).isPositive();
    assertThat(report.table()).contains("p99 over");
  }

  @Test
  void a_mixed_bench_that_is_stopped_before_a_whole_round_has_no_report() {
    MixedPlan plan = new MixedPlan(SETTINGS, WORKLOAD, List.of(1), 1, 0.5, Arrivals.FIXED);

    assertThatThrownBy(() -> new MixedBench(plan, new RecordedListener(), () -> true).run())
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void the_pipeline_without_a_model_takes_turns_with_a_plain_loop_and_neither_loses_a_document() {
    RecordedListener listener = new RecordedListener();
    OverheadPlan plan =
        new OverheadPlan(Workload.named(Workload.OVERHEAD, 500).orElseThrow(), 50, 1, directory);

    // A document that is lost or comes twice ends it with an exception.
    OverheadReport report = new OverheadBench(plan, listener, () -> false).run();

    assertThat(listener.steps)
        .containsExactly(
            "loop, exactly-once",
            "pipeline, exactly-once",
            "loop, at-least-once",
            "pipeline, at-least-once");
    assertThat(report.measured())
        .hasSize(4)
        .allSatisfy(
            one -> {
              assertThat(one.rate()).isPositive();
              assertThat(one.latencies().getTotalCount()).isEqualTo(50);
            });
    assertThat(report.json().at("/deliveries/1/pipeline/p99").asDouble()).isPositive();
  }

  private BenchPlan plan(List<ArmKind> arms, List<Integer> slots, int rounds, OpenAiServer openAi) {
    return new BenchPlan(
        SETTINGS,
        WORKLOAD,
        ArmChoice.all(arms, slots),
        rounds,
        false,
        Optional.of(openAi),
        directory);
  }

  /** Tokens of instructions that were read again in the first pass. */
  private static long tokens(BenchReport report, ArmKind kind) {
    return row(report, kind).arm().passes().get(0).tokens().orElseThrow().prefix();
  }

  /** Tokens of answers that needed no decision, in the first pass. */
  private static long forced(BenchReport report, ArmKind kind) {
    return row(report, kind).arm().passes().get(0).tokens().orElseThrow().forced();
  }

  private static Equality equality(BenchReport report, ArmKind kind) {
    return row(report, kind).equality().orElseThrow();
  }

  private static BenchReport.Row row(BenchReport report, ArmKind kind) {
    return report.rows().stream().filter(row -> row.arm().kind() == kind).findFirst().orElseThrow();
  }

  private static void assertNoProcessIsLeft() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                ProcessHandle.current()
                    .descendants()
                    .filter(ProcessHandle::isAlive)
                    .noneMatch(
                        process ->
                            process
                                .info()
                                .commandLine()
                                .orElse("")
                                .contains(LlamaModelPeer.class.getName())));
  }
}
