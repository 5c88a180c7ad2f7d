package io.kaiseki.pipelines.bench.arm;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.PlainEngine;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizingTest {

  private static final Workload TRIAGE = Workload.named("triage", 1).orElseThrow();

  @Test
  void the_machine_s_rates_are_measured_behind_the_document_of_median_length() {
    Sizing sizing = sizing("x".repeat(900), "x".repeat(100), "x".repeat(60), "warms up");

    assertThat(sizing.lengths())
        .as("instructions of 400 tokens, a document of 100, half way into an answer of 50")
        .isEqualTo(new ModelRates.Lengths(400, 100, 525));
  }

  @Test
  void contexts_have_room_for_the_longest_document_even_if_it_is_the_one_that_warms_up() {
    assertThat(sizing("x".repeat(900), "x".repeat(100), "x").prompt()).isGreaterThan(1_300);
    assertThat(sizing("x".repeat(100), "x".repeat(900)).prompt()).isGreaterThan(1_300);
  }

  @Test
  void one_document_is_both_the_longest_and_the_typical_one() {
    Sizing sizing = sizing("x".repeat(100));

    assertThat(sizing.longestDocument()).isEqualTo(100);
    assertThat(sizing.typicalDocument()).isEqualTo(100);
    assertThat(sizing.typicalOutput()).isEqualTo(50);
  }

  private static Sizing sizing(String... documents) {
    return Sizing.measure(
        new PlainEngine(),
        Workload.own(TRIAGE.analysis(), List.of(documents)),
        new PassProgress(() -> false, done -> {}));
  }
}
