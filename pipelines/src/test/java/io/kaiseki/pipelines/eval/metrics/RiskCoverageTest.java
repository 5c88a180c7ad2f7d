package io.kaiseki.pipelines.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RiskCoverageTest {

  @Test
  void the_curve_goes_from_the_surest_document_to_all() {
    RiskCoverage curve =
        RiskCoverage.of(
            List.of(
                Judgements.of("a", "b", 0.6),
                Judgements.of("a", "a", 0.9),
                Judgement.failed("a"),
                Judgements.of("a", "a", 0.8)));

    assertThat(curve.points())
        .containsExactly(
            new RiskCoverage.Point(0.9, 0.25, 0),
            new RiskCoverage.Point(0.8, 0.5, 0),
            new RiskCoverage.Point(0.6, 0.75, 1.0 / 3),
            new RiskCoverage.Point(0, 1, 0.5));
    assertThat(curve.aurc()).isCloseTo((0 + 0 + 1.0 / 3 + 0.5) / 4, within(1e-12));
  }

  @Test
  void documents_of_equal_confidence_count_as_if_in_random_order() {
    List<Judgement> rightFirst =
        List.of(Judgements.of("a", "a", 0.7), Judgements.of("a", "b", 0.7));
    List<Judgement> wrongFirst = List.of(rightFirst.get(1), rightFirst.get(0));

    assertThat(RiskCoverage.of(rightFirst)).isEqualTo(RiskCoverage.of(wrongFirst));
    assertThat(RiskCoverage.of(rightFirst).aurc()).isCloseTo(0.5, within(1e-12));
  }
}
