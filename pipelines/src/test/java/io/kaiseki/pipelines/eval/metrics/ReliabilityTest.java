package io.kaiseki.pipelines.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReliabilityTest {

  @Test
  void ece_is_the_mean_gap_of_confidence_and_accuracy_weighted_by_documents() {
    // In (0.6, 0.667] two documents, confidence 0.65, accuracy 0.5; in (0.933, 1] three,
    // confidence 0.95, accuracy 2/3. One that failed is in none.
    List<Judgement> judgements =
        List.of(
            Judgements.of("a", "a", 0.64),
            Judgements.of("a", "b", 0.66),
            Judgements.of("a", "a", 0.94),
            Judgements.of("a", "a", 0.95),
            Judgements.of("a", "b", 0.96),
            Judgement.failed("a"));

    Reliability reliability = Reliability.of(judgements);

    double expected = (2 * 0.15 + 3 * (0.95 - 2.0 / 3)) / 5;
    assertThat(reliability.ece()).isCloseTo(expected, within(1e-12));
    assertThat(reliability.bins()).hasSize(15);
    assertThat(reliability.bins().get(9).count()).isEqualTo(2);
    assertThat(reliability.bins().get(14).count()).isEqualTo(3);
  }

  @Test
  void the_least_and_the_greatest_confidence_are_in_the_outer_bins() {
    Reliability reliability =
        Reliability.of(List.of(Judgements.of("a", "b", 0), Judgements.of("a", "a", 1)));

    assertThat(reliability.bins().get(0).count()).isEqualTo(1);
    assertThat(reliability.bins().get(14).count()).isEqualTo(1);
    assertThat(reliability.ece()).isZero();
  }

  @Test
  void an_abstention_is_judged_by_the_label_that_the_model_leaned_to() {
    Reliability reliability = Reliability.of(List.of(Judgements.abstained("a", "a", 0.5)));

    assertThat(reliability.ece()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void nothing_is_perfectly_calibrated() {
    assertThat(Reliability.of(List.of()).ece()).isZero();
  }
}
