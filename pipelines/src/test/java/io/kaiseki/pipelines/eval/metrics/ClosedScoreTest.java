package io.kaiseki.pipelines.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClosedScoreTest {

  @Test
  void failures_are_wrong_and_abstentions_are_right_only_where_the_field_is_empty() {
    ClosedScore score =
        ClosedScore.of(
            List.of(
                Judgements.of("a", "a", 0.9),
                Judgements.of("a", "b", 0.8),
                Judgements.abstained("a", "a", 0.4),
                Judgements.abstained(Judgement.NULL, "a", 0.3),
                Judgement.failed("a")),
            List.of());

    assertThat(score.accuracy()).isEqualTo(new Proportion(2, 5));
    assertThat(score.coverage()).isEqualTo(new Proportion(2, 5));
    assertThat(score.accuracyOfKept()).isEqualTo(new Proportion(1, 2));
    assertThat(score.outOfScope()).isEmpty();
  }

  @Test
  void confidence_that_parts_right_from_wrong_completely_has_an_auroc_of_one() {
    ClosedScore score =
        ClosedScore.of(
            List.of(
                Judgements.of("a", "a", 0.9),
                Judgements.of("a", "a", 0.8),
                Judgements.of("a", "b", 0.7)),
            List.of());

    assertThat(score.trust().orElseThrow().rightFromWrong().getAsDouble()).isEqualTo(1);
  }

  @Test
  void answers_without_a_confidence_count_in_accuracy_and_in_nothing_that_rests_on_confidences() {
    List<Judgement> confident =
        List.of(Judgements.of("a", "a", 0.9), Judgements.of("a", "b", 0.7), Judgement.failed("a"));
    List<Judgement> all = new ArrayList<>(confident);
    all.add(1, Judgement.withoutConfidence("a", "a"));
    all.add(Judgement.withoutConfidence("a", "b"));

    ClosedScore score = ClosedScore.of(all, List.of(Judgement.withoutConfidence("oos", "a")));

    assertThat(score.accuracy()).isEqualTo(new Proportion(2, 5));
    assertThat(score.confusions().count("a", "b")).isEqualTo(2);
    assertThat(score.coverage()).isEqualTo(new Proportion(4, 5));
    assertThat(score.trust()).isEqualTo(ClosedScore.of(confident, List.of()).trust());
    assertThat(score.outOfScope().orElseThrow().auroc()).isEmpty();
  }

  @Test
  void without_any_confidence_nothing_is_said_of_how_far_they_can_be_trusted() {
    ClosedScore score =
        ClosedScore.of(
            List.of(Judgement.withoutConfidence("a", "a"), Judgement.failed("a")), List.of());

    assertThat(score.accuracy()).isEqualTo(new Proportion(1, 2));
    assertThat(score.trust()).isEmpty();
  }

  @Test
  void documents_out_of_scope_count_in_nothing_but_how_they_are_told_from_the_others() {
    Judgement sureOfNull =
        new Judgement(
            "oos", Optional.of(Judgement.NULL), 0.9, Map.of(Judgement.NULL, 0.9, "a", 0.1), false);
    ClosedScore score =
        ClosedScore.of(
            List.of(Judgements.of("a", "a", 0.9), Judgements.of("a", "a", 0.6)),
            List.of(
                sureOfNull, Judgements.of("oos", "a", 0.7), Judgements.abstained("oos", "a", 0.5)));

    assertThat(score.accuracy()).isEqualTo(new Proportion(2, 2));
    ClosedScore.OutOfScope outside = score.outOfScope().orElseThrow();
    assertThat(outside.left()).isEqualTo(new Proportion(2, 3));
    // In scope 0.9 and 0.6 against 0.1 (not the 0.9 of null), 0.7 and 0.5: five of six pairs.
    assertThat(outside.auroc().getAsDouble()).isCloseTo(5.0 / 6, within(1e-12));
  }

  @Test
  void documents_whose_field_shall_be_empty_are_none_that_a_label_fits() {
    List<Judgement> outOfScope = List.of(Judgements.of("oos", "a", 0.7));
    Judgement empty = Judgements.of(Judgement.NULL, Judgement.NULL, 0.9);

    ClosedScore score = ClosedScore.of(List.of(Judgements.of("a", "a", 0.8), empty), outOfScope);
    ClosedScore none = ClosedScore.of(List.of(empty), outOfScope);

    assertThat(score.outOfScope().orElseThrow().auroc()).hasValue(1);
    assertThat(none.outOfScope().orElseThrow().auroc()).isEmpty();
  }
}
