package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.inference.llamacpp.ModelRates;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BenchReportTest {

  private static final ModelRates RATES =
      new ModelRates(100, new TreeMap<>(Map.of(1, 10.0, 4, 40.0)));

  @Test
  void the_ceiling_reads_prompts_at_the_rate_of_batches_and_samples_at_that_of_so_many_sequences() {
    // 4 documents: 400 tokens read or forced take 4 s, 80 sampled take 2 s at 40 a second.
    BenchReport report = report(4, List.of(new EngineRun(4, 8, 300, 30, 50, 100)));

    BenchReport.Row row = report.rows().get(0);
    assertThat(row.ceiling()).isCloseTo(4 / 6.0, within(1e-9));
    assertThat(row.share()).isCloseTo(6 / 8.0, within(1e-9));
  }

  @Test
  void the_median_of_the_passes_counts_and_the_spread_is_told() {
    BenchReport report =
        report(
            1,
            List.of(
                new EngineRun(10, 10, 1, 0, 1, 0),
                new EngineRun(10, 1, 1, 0, 1, 0),
                new EngineRun(10, 5, 1, 0, 1, 0)));

    BenchReport.Row row = report.rows().get(0);
    assertThat(row.median()).isEqualTo(2);
    assertThat(row.least()).isEqualTo(1);
    assertThat(row.greatest()).isEqualTo(10);
  }

  @Test
  void rates_between_the_widths_measured_are_interpolated_and_beyond_them_kept() {
    assertThat(RATES.decode(1)).isEqualTo(10);
    assertThat(RATES.decode(2)).isCloseTo(20, within(1e-9));
    assertThat(RATES.decode(9)).isEqualTo(40);
  }

  @Test
  void every_workload_has_as_many_different_documents_as_asked_for() {
    for (String name : Workload.names()) {
      Workload workload = Workload.named(name, 150).orElseThrow();
      assertThat(workload.documents()).hasSize(150).doesNotHaveDuplicates();
      assertThat(workload.analysis().contract().type().fields()).hasSize(6);
    }
    assertThat(Workload.named("other", 1)).isEmpty();
  }

  private static BenchReport report(int slots, List<EngineRun> runs) {
    return new BenchReport("model.gguf", "triage", RATES, Map.of(slots, runs));
  }
}
