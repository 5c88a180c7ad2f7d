package io.kaiseki.pipelines.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TemperatureScalingTest {

  /** Labels drawn from a known probability, which the model then tells at another temperature. */
  private static List<Judgement> toldAt(double temperature, int count) {
    Random random = new Random(7);
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double logit = random.nextGaussian() * 2;
      boolean truth = random.nextDouble() < 1 / (1 + Math.exp(-logit));
      judgements.add(Judgements.binary(truth, 1 / (1 + Math.exp(-logit * temperature))));
    }
    return judgements;
  }

  @Test
  void the_temperature_that_a_model_was_too_sure_by_is_found_again() {
    TemperatureScaling scaling = TemperatureScaling.of(toldAt(3, 20_000)).orElseThrow();

    assertThat(scaling.temperature()).isCloseTo(3, within(0.15));
  }

  @Test
  void a_model_that_is_not_sure_enough_gets_a_temperature_under_one() {
    TemperatureScaling scaling = TemperatureScaling.of(toldAt(0.5, 20_000)).orElseThrow();

    assertThat(scaling.temperature()).isCloseTo(0.5, within(0.03));
  }

  @Test
  void what_was_fitted_on_one_half_calibrates_the_other() {
    List<Judgement> judgements = toldAt(3, 4_000);
    TemperatureScaling scaling = TemperatureScaling.of(judgements).orElseThrow();

    assertThat(Reliability.of(judgements).ece()).isGreaterThan(0.08);
    assertThat(Reliability.of(scaling.halves()).ece()).isLessThan(0.03);
    assertThat(TemperatureScaling.logLoss(scaling.halves()))
        .isLessThan(TemperatureScaling.logLoss(judgements));
  }

  @Test
  void no_answer_changes_and_probabilities_still_sum_to_one() {
    List<Judgement> judgements = toldAt(3, 100);
    List<Judgement> halves = TemperatureScaling.of(judgements).orElseThrow().halves();

    for (int i = 0; i < judgements.size(); i++) {
      assertThat(halves.get(i).label()).isEqualTo(judgements.get(i).label());
      assertThat(halves.get(i).distribution().values().stream().mapToDouble(p -> p).sum())
          .isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void each_half_is_scaled_by_the_other_and_not_by_itself() {
    // At even positions the model is always right, at odd ones always wrong: what is fitted on the
    // one half must show on the other.
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      judgements.add(Judgements.binary(i % 2 == 0, 0.8));
    }
    List<Judgement> halves = TemperatureScaling.of(judgements).orElseThrow().halves();

    assertThat(halves.get(0).confidence()).as("right, told by the wrong ones").isLessThan(0.6);
    assertThat(halves.get(1).confidence()).as("wrong, told by the right ones").isGreaterThan(0.99);
  }

  @Test
  void log_loss_is_that_of_the_true_label() {
    List<Judgement> judgements =
        List.of(
            Judgements.binary(true, 0.8), Judgements.binary(false, 0.6), Judgement.failed("yes"));

    assertThat(TemperatureScaling.logLoss(judgements))
        .isCloseTo(-(Math.log(0.8) + Math.log(0.4)) / 2, within(1e-12));
  }

  @Test
  void with_one_answer_there_is_nothing_to_fit_and_none_is_invented() {
    assertThat(TemperatureScaling.of(List.of(Judgements.binary(true, 0.8)))).isEmpty();
  }

  @Test
  void labels_that_are_certain_keep_their_temperature() {
    List<Judgement> certain = List.of(Judgements.binary(true, 1), Judgements.binary(true, 1));

    assertThat(TemperatureScaling.fit(certain)).isEqualTo(1);
  }
}
