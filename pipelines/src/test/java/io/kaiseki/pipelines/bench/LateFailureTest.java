package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.arm.ArmFailedException;
import io.kaiseki.pipelines.bench.arm.PipelineServices;
import io.kaiseki.pipelines.bench.arm.RelayPass;
import io.kaiseki.pipelines.bench.report.Ending;
import io.kaiseki.pipelines.bench.report.MixedReport;
import io.kaiseki.pipelines.bench.report.OverheadReport;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole rounds are reported, whatever happens after them. */
class LateFailureTest {

  private static final MixedPlan MIXED =
      new MixedPlan(
          LlamaCppSettings.of("model.gguf"),
          Workload.named(Workload.MIXED, 4).orElseThrow(),
          List.of(2),
          3,
          0.5,
          Arrivals.FIXED);

  @TempDir Path directory;

  @Test
  void a_document_that_fails_in_a_late_round_of_mixed_costs_no_round_before_it() {
    RecordedListener listener = new RecordedListener();

    MixedReport report =
        new MixedBench(
                MIXED, listener, () -> false, slots -> new PlainEngine(id -> id.equals("over-3-1")))
            .run();

    assertThat(report.measured().get(2).idle()).hasSize(2);
    assertThat(report.measured().get(2).over().getTotalCount()).isEqualTo(8);
    assertThat(report.ending()).isEqualTo(Ending.failed("round 3: DEADLINE: too late"));
    assertThat(listener.failures).containsExactly("DEADLINE: too late");
  }

  @Test
  void an_engine_that_can_t_be_started_anew_costs_mixed_no_round_before_it() {
    AtomicInteger started = new AtomicInteger();

    MixedReport report =
        new MixedBench(
                MIXED,
                new RecordedListener(),
                () -> false,
                slots -> {
                  if (started.incrementAndGet() > 1) {
                    throw new EngineUnavailableException("no memory for a context");
                  }
                  return new PlainEngine();
                })
            .run();

    assertThat(report.measured().get(2).idle()).hasSize(1);
    assertThat(report.ending()).isEqualTo(Ending.failed("round 2: no memory for a context"));
  }

  @Test
  void a_round_of_mixed_counts_when_it_was_run_with_every_number_of_slots() {
    MixedPlan plan =
        new MixedPlan(
            MIXED.settings(),
            MIXED.workload(),
            List.of(2, 4),
            MIXED.rounds(),
            MIXED.liveShare(),
            MIXED.arrivals());
    AtomicInteger started = new AtomicInteger();

    MixedReport report =
        new MixedBench(
                plan,
                new RecordedListener(),
                () -> false,
                slots -> {
                  if (started.incrementAndGet() > 3) {
                    throw new EngineUnavailableException("no memory for a context");
                  }
                  return new PlainEngine();
                })
            .run();

    assertThat(report.ending()).isEqualTo(Ending.failed("round 2: no memory for a context"));
    assertThat(report.measured()).containsOnlyKeys(2, 4);
    assertThat(report.measured().values())
        .allSatisfy(
            one -> {
              assertThat(one.idle()).hasSize(1);
              assertThat(one.beside()).hasSize(1);
              assertThat(one.alone().getTotalCount()).isEqualTo(4);
              assertThat(one.over().getTotalCount()).isEqualTo(4);
            });
  }

  @Test
  void a_document_that_is_lost_in_a_late_round_of_overhead_costs_no_round_before_it() {
    assertThatTheFirstRoundOfOverheadCounts(new PipelineServices(directory));
  }

  @Test
  void services_that_can_t_be_ended_cost_overhead_no_round_before_it() {
    assertThatTheFirstRoundOfOverheadCounts(
        new PipelineServices(directory) {
          @Override
          public void close() {
            throw new IllegalStateException("a listening socket can't be closed");
          }
        });
  }

  private void assertThatTheFirstRoundOfOverheadCounts(PipelineServices services) {
    OverheadPlan plan =
        new OverheadPlan(Workload.named(Workload.OVERHEAD, 4).orElseThrow(), 2, 3, directory);

    OverheadReport report =
        new OverheadBench(
                plan,
                new RecordedListener(),
                () -> false,
                (pass, kind, guarantee, name) -> {
                  if (name.equals("overhead-loop-exactly-once-2")) {
                    throw new ArmFailedException("3 results of 3 documents, for 4");
                  }
                  return new RelayPass.Measured(100, new Histogram(3));
                },
                services)
            .run();

    assertThat(report.measured()).as("two ways under two guarantees, once").hasSize(4);
    assertThat(report.ending())
        .isEqualTo(Ending.failed("round 2: 3 results of 3 documents, for 4"));
  }
}
