package io.kaiseki.pipelines.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.statistics.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class BenchReportTest {

  @Test
  void the_ceiling_reads_prompts_at_the_rate_of_batches_and_samples_at_that_of_so_many_sequences() {
    // 4 documents: 400 tokens read or forced take 4 s, 80 sampled take 2 s at 40 a second.
    BenchReport report =
        Reports.report(List.of(Reports.rates(1)), Reports.arm(ArmKind.ENGINE, 4, 8));

    BenchReport.Row row = report.rows().get(0);
    assertThat(row.ceiling().orElseThrow()).isCloseTo(4 / 6.0, within(1e-9));
    assertThat(row.share().orElseThrow()).isCloseTo(6 / 8.0, within(1e-9));
  }

  @Test
  void the_machine_s_rates_are_the_medians_over_the_rounds() {
    BenchReport report =
        Reports.report(
            List.of(Reports.rates(1), Reports.rates(9), Reports.rates(2)),
            Reports.arm(ArmKind.ENGINE, 4, 8));

    assertThat(report.medianRates().orElseThrow().prefill()).isEqualTo(200);
    assertThat(report.medianRates().orElseThrow().prefillBehind()).isEqualTo(160);
    assertThat(report.medianRates().orElseThrow().decode(4)).isEqualTo(80);
    assertThat(report.ceilings().get(4)).isCloseTo(4 / 3.0, within(1e-9));
  }

  @Test
  void an_arm_that_counts_no_tokens_is_held_against_the_same_tokens_as_the_engine() {
    BenchReport report =
        Reports.report(
            List.of(Reports.rates(1)),
            Reports.arm(ArmKind.LLAMA_MODEL, 4, 12),
            Reports.arm(ArmKind.ENGINE, 4, 8));

    assertThat(report.rows().get(0).ceiling()).isEqualTo(report.rows().get(1).ceiling());
  }

  @Test
  void a_server_that_may_run_elsewhere_has_no_ceiling() {
    BenchReport report =
        Reports.report(
            List.of(Reports.rates(1)),
            Reports.arm(ArmKind.ENGINE, 1, 8),
            Reports.arm(ArmKind.OPENAI, 4, 1));

    assertThat(report.rows().get(1).ceiling()).isEmpty();
    assertThat(report.ceilings()).containsOnlyKeys(1);
  }

  @Test
  void ratios_are_to_the_fastest_setting_of_the_other_library() {
    BenchReport report =
        Reports.report(
            List.of(Reports.rates(1)),
            Reports.arm(ArmKind.ENGINE, 4, 2),
            Reports.arm(ArmKind.LLAMA_MODEL, 1, 4),
            Reports.arm(ArmKind.LLAMA_MODEL, 4, 8));

    assertThat(report.rows())
        .extracting(row -> row.toBestLlamaModel().orElseThrow())
        .containsExactly(2.0, 1.0, 0.5);
  }

  @Test
  void the_median_of_the_passes_counts_and_the_spread_is_told() {
    Spread odd = Spread.of(List.of(1.0, 10.0, 2.0));
    Spread even = Spread.of(List.of(4.0, 1.0, 2.0, 10.0));

    assertThat(odd).isEqualTo(new Spread(2, 1, 10, 3));
    assertThat(odd.relative()).isEqualTo(4.5);
    assertThat(even.median()).isEqualTo(3);
    assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
  }

  @Test
  void a_failed_arm_is_in_the_table_with_its_reason_and_the_others_have_their_figures() {
    BenchReport report =
        Reports.report(
            List.of(Reports.rates(1)),
            Reports.arm(ArmKind.ENGINE, 4, 8, 8, 16),
            Reports.failed(ArmKind.LLAMA_MODEL, 4, "its process ended with exit code 134"));

    assertThat(BenchTable.of(report))
        .contains("triage: documents in a pass: 4")
        .containsPattern("engine +4 +1800 +0\\.500 +50\\.0% +0\\.667 +75% +-")
        .containsPattern("llama-model +4 +- +- +- +0\\.667 +- +-")
        .contains("failed: its process ended with exit code 134");
  }

  @Test
  void rates_that_could_not_be_measured_once_more_are_told_beside_those_that_were() {
    BenchReport whole =
        Reports.report(List.of(Reports.rates(1)), Reports.arm(ArmKind.ENGINE, 4, 8));
    BenchReport without =
        new BenchReport(
            whole.settings(),
            whole.workload(),
            whole.sizing(),
            whole.rates(),
            Optional.of("no memory for a context"),
            whole.arms(),
            false,
            false);

    assertThat(whole.whole()).isTrue();
    assertThat(without.whole()).isFalse();
    assertThat(BenchTable.of(without))
        .contains("These rates could not be measured every time: no memory for a context")
        .containsPattern("engine +4 +1800");
    assertThat(BenchJson.of(without).at("/machineFailure").asText())
        .isEqualTo("no memory for a context");
    assertThat(BenchJson.of(whole).has("machineFailure")).isFalse();
  }

  @Test
  void a_bench_is_whole_if_every_arm_has_its_passes() {
    assertThat(
            Reports.report(
                    List.of(Reports.rates(1)),
                    Reports.arm(ArmKind.ENGINE, 4, 8),
                    Reports.failed(ArmKind.PIPELINE, 4, "no broker"))
                .whole())
        .isFalse();
    assertThat(Reports.report(List.of(Reports.rates(1)), Reports.arm(ArmKind.ENGINE, 4)).whole())
        .isFalse();
  }

  @Test
  void answers_are_compared_as_a_whole_and_by_closed_fields() {
    GenericRecord one = Reports.answer("low", "a");
    Equality equality =
        Equality.of(
            Reports.WORKLOAD.analysis().contract().type(),
            List.of(one, one, one, one),
            Arrays.asList(one, Reports.answer("low", "b"), Reports.answer("high", "a"), null));

    assertThat(equality).isEqualTo(new Equality(4, 1, 16, 11, 1));
    assertThat(equality.closedShare()).isEqualTo(11 / 16.0);
  }

  @Test
  void the_json_has_a_hash_for_each_answer_and_no_answer() {
    ObjectNode json =
        BenchJson.of(
            Reports.report(List.of(Reports.rates(1)), Reports.arm(ArmKind.ENGINE, 4, 8, 9)));

    assertThat(json.at("/arms/0/docsPerSecond").asDouble())
        .isCloseTo((4 / 8.0 + 4 / 9.0) / 2, within(1e-9));
    assertThat(json.at("/arms/0/passes/1/answerHashes")).hasSize(4).doesNotHaveDuplicates();
    assertThat(json.at("/arms/0/passes/1/answerHashes"))
        .isEqualTo(json.at("/arms/0/passes/0/answerHashes"));
    assertThat(json.toString()).doesNotContain("text 1");
  }

  @Test
  void the_hash_of_an_answer_is_that_of_earlier_reports() {
    assertThat(BenchJson.hash(Reports.answer("low", "a"))).isEqualTo("25487d8e8ccc9774");
    assertThat(BenchJson.hash(null)).isNull();
  }

  @Test
  void every_workload_has_as_many_different_documents_as_asked_for() {
    for (String name : Workload.names()) {
      Workload workload = Workload.named(name, 150).orElseThrow();
      assertThat(workload.documents())
          .hasSize(150)
          .doesNotHaveDuplicates()
          .doesNotContain(workload.warmUp());
      assertThat(workload.analysis().contract().type().fields()).hasSize(6);
    }
    assertThat(Workload.named("other", 1)).isEmpty();
  }
}
