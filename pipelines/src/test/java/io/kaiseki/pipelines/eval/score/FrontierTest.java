package io.kaiseki.pipelines.eval.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.eval.labels.Labels;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What policies fail on is no thinking that they save, and no accuracy to fall short of. */
class FrontierTest {

  private static final Labels LABELS = Runs.labels("billing", "billing", "delivery", "delivery");

  private static final Outcome LATE = Runs.failed(FailureReason.DEADLINE);

  /** Two of four are right. */
  private static final List<Outcome> WITHOUT_THINKING =
      List.of(
          Runs.answered("billing", 0.9, 0),
          Runs.answered("billing", 0.8, 0),
          Runs.answered("billing", 0.7, 0),
          Runs.answered("billing", 0.6, 0));

  private static final List<Outcome> TWO_LATE =
      List.of(Runs.answered("billing", 0.9, 40), LATE, LATE, Runs.answered("delivery", 0.2, 40));

  @Test
  void always_thinking_that_failed_more_than_others_sets_no_target() {
    Frontier frontier = frontier(WITHOUT_THINKING, TWO_LATE, OptionalDouble.empty());

    assertThat(frontier.hasTarget()).isFalse();
    assertThat(frontier.proposal()).isEmpty();
    assertThat(frontier.failedMore()).containsExactly(frontier.always());
    assertThat(frontier.shown()).isEqualTo(frontier.always());
  }

  @Test
  void a_target_that_was_asked_for_stands_whatever_failed() {
    Frontier frontier = frontier(WITHOUT_THINKING, TWO_LATE, OptionalDouble.of(0.5));

    assertThat(frontier.hasTarget()).isTrue();
    assertThat(frontier.proposal().orElseThrow().policy()).isEqualTo(ReasoningPolicy.OFF);
  }

  @Test
  void what_fails_under_every_policy_leaves_the_target_as_it_is() {
    Frontier frontier = frontier(TWO_LATE, TWO_LATE, OptionalDouble.empty());

    assertThat(frontier.failedMore()).isEmpty();
    assertThat(frontier.proposal().orElseThrow().policy()).isEqualTo(ReasoningPolicy.OFF);
  }

  @Test
  void a_policy_that_answered_nothing_is_not_the_cheapest_and_not_what_is_shown() {
    List<Outcome> nothing = List.of(LATE, LATE, LATE, LATE);

    Frontier without = frontier(WITHOUT_THINKING, nothing, OptionalDouble.empty());
    assertThat(without.proposal()).isEmpty();
    assertThat(without.shown().policy()).isEqualTo(ReasoningPolicy.OFF);
    assertThat(frontier(nothing, nothing, OptionalDouble.empty()).proposal()).isEmpty();
  }

  private static Frontier frontier(List<Outcome> off, List<Outcome> always, OptionalDouble target) {
    return Frontier.of(
        List.of(
            Evaluation.of(LABELS, Runs.pass(ReasoningPolicy.OFF, off)),
            Evaluation.of(LABELS, Runs.pass(new ReasoningPolicy.Always(50), always))),
        List.of("topic"),
        target);
  }
}
