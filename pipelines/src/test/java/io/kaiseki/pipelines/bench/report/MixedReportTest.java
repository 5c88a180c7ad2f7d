package io.kaiseki.pipelines.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MixedReportTest {

  @Test
  void percentiles_are_over_all_rounds_and_what_the_backfill_keeps_is_paired_by_round() {
    MixedReport.Measurement measured = MixedReport.Measurement.empty();
    // The machine halves its speed in the second round; the backfill keeps three quarters in each.
    measured.add(round(latencies(1, 99), latencies(2, 99), 8, 6));
    measured.add(round(latencies(1, 1), latencies(40, 1), 4, 3));

    ObjectNode json =
        new MixedReport(
                LlamaCppSettings.of("m.gguf"),
                Reports.WORKLOAD,
                0.3,
                "poisson",
                Map.of(8, measured),
                Ending.WHOLE)
            .json();

    assertThat(json.at("/slots/0/liveAlone/p50").asDouble()).isCloseTo(1, within(0.001));
    assertThat(json.at("/slots/0/liveOverBackfill/p50").asDouble()).isCloseTo(2, within(0.002));
    assertThat(json.at("/slots/0/liveOverBackfill/p99").asDouble()).isCloseTo(2, within(0.002));
    assertThat(json.at("/slots/0/liveOverBackfill/greatest").asDouble())
        .isCloseTo(40, within(0.04));
    assertThat(json.at("/slots/0/liveOverBackfill/documents").asLong()).isEqualTo(100);
    assertThat(json.at("/slots/0/backfillKept/median").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/slots/0/backfillAlone/median").asDouble()).isEqualTo(6);
  }

  @Test
  void a_failure_that_ended_it_early_is_told_beside_what_was_measured_before() {
    MixedReport.Measurement measured = MixedReport.Measurement.empty();
    measured.add(round(latencies(1, 9), latencies(2, 9), 8, 6));

    MixedReport report =
        new MixedReport(
            LlamaCppSettings.of("m.gguf"),
            Reports.WORKLOAD,
            0.3,
            "poisson",
            Map.of(8, measured),
            Ending.failed("round 2: DEADLINE: late"));

    assertThat(report.ending().whole()).isFalse();
    assertThat(report.table())
        .contains("75%")
        .contains("Failed early: only whole rounds are counted. In round 2: DEADLINE: late");
    assertThat(report.json().at("/failure").asText()).isEqualTo("round 2: DEADLINE: late");
    assertThat(report.json().at("/stopped").asBoolean()).isFalse();
  }

  private static MixedReport.Measurement round(
      Histogram alone, Histogram over, double idle, double beside) {
    return new MixedReport.Measurement(alone, over, List.of(idle), List.of(beside));
  }

  private static Histogram latencies(int seconds, int count) {
    Histogram histogram = MixedReport.histogram();
    histogram.recordValueWithCount(seconds * 1_000_000L, count);
    return histogram;
  }
}
