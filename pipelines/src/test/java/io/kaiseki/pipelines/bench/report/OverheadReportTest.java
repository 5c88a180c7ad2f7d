package io.kaiseki.pipelines.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.pipelines.bench.arm.Relay;
import io.kaiseki.pipelines.config.DeliverySettings.Guarantee;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class OverheadReportTest {

  @Test
  void rates_are_medians_over_rounds_and_added_latency_is_that_of_all_rounds_together() {
    List<OverheadReport.Measurement> measured = new ArrayList<>();
    for (Guarantee guarantee : Guarantee.values()) {
      for (int round = 1; round <= 3; round++) {
        measured.add(measurement(Relay.Kind.LOOP, guarantee, 900 * round, 2));
        measured.add(measurement(Relay.Kind.PIPELINE, guarantee, 100 * round, 4 + round));
      }
    }

    OverheadReport report = new OverheadReport(Reports.WORKLOAD, 100, measured, Ending.STOPPED);

    assertThat(report.json().at("/deliveries/0/loop/documentsPerSecond").asDouble())
        .isEqualTo(1_800);
    assertThat(report.json().at("/deliveries/1/pipeline/documentsPerSecond").asDouble())
        .isEqualTo(200);
    assertThat(report.json().at("/deliveries/1/addedP50").asDouble()).isCloseTo(4, within(0.02));
    assertThat(report.json().at("/deliveries/1/addedP99").asDouble()).isCloseTo(5, within(0.02));
    assertThat(report.table()).contains("median and extremes of 3 rounds", "100 - 300");
    assertThat(report.table()).contains("Stopped early: only whole rounds are counted.");
    assertThat(report.json().at("/stopped").asBoolean()).isTrue();
    assertThat(report.json().has("failure")).isFalse();
  }

  private static OverheadReport.Measurement measurement(
      Relay.Kind kind, Guarantee guarantee, double rate, int millis) {
    Histogram latencies = new Histogram(3);
    latencies.recordValueWithCount(millis * 1_000L, 100);
    return new OverheadReport.Measurement(kind, guarantee, rate, latencies);
  }
}
