package io.kaiseki.pipelines.eval.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionsTest {

  /** Truth a: a, a, b, failed. Truth b: b, a. Answer c never is true, truth d never is answered. */
  private static final Confusions CONFUSIONS =
      Confusions.of(
          List.of(
              Judgements.of("a", "a", 0.9),
              Judgements.of("a", "a", 0.8),
              Judgements.of("a", "b", 0.7),
              Judgement.failed("a"),
              Judgements.of("b", "b", 0.9),
              Judgements.of("b", "a", 0.6),
              Judgements.of("d", "c", 0.5)));

  @Test
  void f1_of_a_label_counts_what_it_missed_and_what_it_took_from_others() {
    // a: TP 2, FP 1, FN 2 -> 4 / 7. b: TP 1, FP 1, FN 1 -> 2 / 4.
    assertThat(CONFUSIONS.f1("a")).isCloseTo(4.0 / 7, within(1e-12));
    assertThat(CONFUSIONS.f1("b")).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void macro_f1_is_over_labels_that_are_true_or_answered_and_no_others() {
    assertThat(CONFUSIONS.labels()).containsExactly("a", "b", "c", "d");
    assertThat(CONFUSIONS.macroF1()).isCloseTo((4.0 / 7 + 0.5 + 0 + 0) / 4, within(1e-12));
  }

  @Test
  void the_most_frequent_mistakes_come_first_and_then_by_name() {
    Confusions confusions =
        Confusions.of(
            List.of(
                Judgements.of("b", "a", 1),
                Judgements.of("c", "a", 1),
                Judgements.of("c", "a", 1),
                Judgements.of("a", "b", 1),
                Judgements.of("a", "a", 1)));

    assertThat(confusions.pairs(2))
        .containsExactly(new Confusions.Pair("c", "a", 2), new Confusions.Pair("a", "b", 1));
  }

  @Test
  void a_failure_and_an_abstention_are_misses_of_the_true_label_but_mistakes_for_none() {
    Confusions confusions =
        Confusions.of(List.of(Judgement.failed("a"), Judgements.abstained("a", "b", 0.4)));

    assertThat(confusions.support("a")).isEqualTo(2);
    assertThat(confusions.pairs(9)).isEmpty();
    assertThat(confusions.labels()).containsExactly("a");
    assertThat(confusions.f1("a")).isZero();
  }

  @Test
  void an_abstention_is_an_answer_of_null_whether_or_not_that_is_right() {
    Confusions confusions =
        Confusions.of(
            List.of(
                Judgements.abstained(Judgement.NULL, "a", 0.4),
                Judgements.abstained(Judgement.NULL, "a", 0.4),
                Judgements.abstained("a", "a", 0.4),
                Judgements.abstained("a", "b", 0.4),
                Judgement.failed("a")));

    // null: TP 2, FP 2, FN 0.
    assertThat(confusions.f1(Judgement.NULL)).isCloseTo(4.0 / 6, within(1e-12));
    assertThat(confusions.f1("a")).isZero();
    assertThat(confusions.pairs(9)).isEmpty();
  }
}
