package io.kaiseki.pipelines.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class BetaCalibrationTest {

  /** Confidences over one half, and answers that are right as often as a function of them says. */
  private static List<Judgement> right(DoubleUnaryOperator howOften, int count) {
    Random random = new Random(7);
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double logit = Math.abs(random.nextGaussian()) * 3;
      double confidence = 1 / (1 + Math.exp(-logit));
      boolean right = random.nextDouble() < howOften.applyAsDouble(confidence);
      judgements.add(Judgements.binary(right, confidence));
    }
    return judgements;
  }

  @Test
  void a_model_that_tells_the_truth_is_left_alone() {
    BetaCalibration calibration = BetaCalibration.of(right(p -> p, 20_000)).orElseThrow();

    assertThat(calibration.probability(0.6)).isCloseTo(0.6, within(0.03));
    assertThat(calibration.probability(0.95)).isCloseTo(0.95, within(0.02));
  }

  @Test
  void one_that_is_too_sure_only_at_the_top_is_corrected_there_where_a_temperature_fails() {
    List<Judgement> judgements = right(p -> Math.min(p, 0.9), 20_000);
    BetaCalibration calibration = BetaCalibration.of(judgements).orElseThrow();

    assertThat(calibration.probability(0.999)).isCloseTo(0.9, within(0.03));
    assertThat(Reliability.of(calibration.halves()).ece())
        .isLessThan(0.02)
        .isLessThan(Reliability.of(TemperatureScaling.of(judgements).orElseThrow().halves()).ece());
  }

  @Test
  void who_was_surer_stays_surer() {
    BetaCalibration calibration = BetaCalibration.of(right(p -> 1.4 - p, 2_000)).orElseThrow();

    for (double p = 0.01; p < 0.98; p += 0.01) {
      assertThat(calibration.probability(p + 0.01))
          .isGreaterThanOrEqualTo(calibration.probability(p));
    }
    assertThat(calibration.a()).isNotNegative();
    assertThat(calibration.b()).isNotNegative();
  }

  @Test
  void confidences_that_run_against_correctness_say_no_more_than_how_often_answers_are_right() {
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      judgements.add(Judgements.of("a", i < 60 ? "a" : "b", 0.6));
      judgements.add(Judgements.of("a", i < 80 ? "a" : "b", 0.9));
      judgements.add(Judgements.of("a", i < 30 ? "a" : "b", 0.999));
    }
    BetaCalibration calibration = BetaCalibration.of(judgements).orElseThrow();

    // Only the slope at high confidences is negative at first; without it, the other is.
    assertThat(calibration.a()).isZero();
    assertThat(calibration.b()).isZero();
    assertThat(calibration.probability(0.6)).isCloseTo(170.0 / 300, within(1e-3));
    assertThat(calibration.probability(0.999)).isCloseTo(170.0 / 300, within(1e-3));
  }

  @Test
  void answers_that_are_all_right_and_quite_sure_are_no_trouble() {
    List<Judgement> judgements = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      judgements.add(Judgements.binary(true, 1));
    }
    BetaCalibration calibration = BetaCalibration.of(judgements).orElseThrow();

    assertThat(calibration.probability(1)).isBetween(0.95, 1.0);
    assertThat(calibration.a()).isFinite();
  }

  @Test
  void few_answers_that_are_quite_sure_and_mostly_wrong_are_fitted_to_the_end() {
    List<Judgement> judgements = new ArrayList<>();
    for (double confidence : new double[] {0.9, 0.9, 0.9, 0.99, 0.9999, 0.99999, 1, 1}) {
      judgements.add(Judgements.binary(false, confidence));
    }
    judgements.add(Judgements.binary(true, 1));
    judgements.add(Judgements.binary(true, 1));

    BetaCalibration fitted = BetaCalibration.of(judgements).orElseThrow();

    // The slope of the log loss in each coefficient, and of a prior that counts for 0.1 documents.
    double ofA = 0.1 * (fitted.a() - 1);
    double ofB = 0.1 * (fitted.b() - 1);
    double ofC = 0.1 * fitted.c();
    for (Judgement judgement : judgements) {
      double confidence = Math.min(1 - 1e-7, judgement.confidence());
      double off = fitted.probability(confidence) - (judgement.leaningRight() ? 1 : 0);
      ofA += off * Math.log(confidence);
      ofB -= off * Math.log(1 - confidence);
      ofC += off;
    }
    assertThat(fitted.a()).isPositive();
    assertThat(fitted.b()).isPositive();
    assertThat(List.of(ofA, ofB, ofC))
        .allSatisfy(slope -> assertThat(slope).isCloseTo(0, within(1e-5)));
  }

  @Test
  void documents_that_failed_stay_as_they_are_and_one_answer_is_too_few() {
    Judgement failed = Judgement.failed("true");
    Judgement answered = Judgements.binary(true, 0.8);

    assertThat(BetaCalibration.of(List.of(failed, answered))).isEmpty();
    assertThat(BetaCalibration.of(List.of(answered, failed, answered)).orElseThrow().halves())
        .element(1)
        .isEqualTo(failed);
  }
}
