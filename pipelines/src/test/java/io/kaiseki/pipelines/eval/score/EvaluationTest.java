package io.kaiseki.pipelines.eval.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.pipelines.eval.metrics.McNemar;
import io.kaiseki.pipelines.eval.metrics.Proportion;
import io.kaiseki.pipelines.eval.report.EvalJson;
import io.kaiseki.pipelines.eval.report.EvalReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

  static final Labels LABELS = Runs.labels("billing", "billing", "delivery", "delivery");

  static final List<Outcome> THREE_RIGHT =
      List.of(
          Runs.answered("billing", 0.9, 0),
          Runs.answered("billing", 0.8, 0),
          Runs.answered("delivery", 0.3, 0),
          Runs.answered("billing", 0.6, 0));

  @Test
  void documents_that_failed_are_wrong_in_every_field_and_counted_by_reason() {
    Evaluation evaluation =
        Evaluation.of(
            LABELS,
            Runs.pass(
                ReasoningPolicy.OFF,
                List.of(
                    THREE_RIGHT.get(0),
                    THREE_RIGHT.get(1),
                    THREE_RIGHT.get(2),
                    Runs.failed(FailureReason.DEADLINE))));

    assertThat(evaluation.closed().get("topic").accuracy()).isEqualTo(new Proportion(3, 4));
    assertThat(evaluation.open().get("due").exact()).isEqualTo(new Proportion(3, 4));
    assertThat(evaluation.failures())
        .containsExactly(Map.entry(FailureReason.DEADLINE, new Evaluation.Failures(1, "made up")));
    assertThat(evaluation.answered()).isEqualTo(3);
    Prediction failed = evaluation.predictions().get(3);
    assertThat(failed.failure()).contains(FailureReason.DEADLINE);
    assertThat(failed.fields().get("topic").correct()).isFalse();
  }

  @Test
  void a_field_that_is_out_of_scope_in_every_document_is_neither_right_nor_wrong() {
    Evaluation evaluation =
        Evaluation.of(
            Runs.outOfScope("billing"),
            Runs.pass(ReasoningPolicy.OFF, List.of(Runs.answered("billing", 0.9, 0))));

    assertThat(evaluation.closed()).containsOnlyKeys("topic", "channel");
    assertThat(evaluation.inScope()).containsOnlyKeys("topic");
    assertThat(evaluation.accuracy(List.of("topic", "channel"))).isEqualTo(1);
  }

  @Test
  void tokens_are_means_over_documents_and_instructions_are_not_computed_again() {
    Evaluation evaluation =
        Evaluation.of(
            Runs.labels("billing", "billing"),
            Runs.pass(
                new ReasoningPolicy.WhenUnsure(0.7, 50),
                List.of(Runs.answered("billing", 0.9, 0), Runs.answered("billing", 0.6, 40))));

    assertThat(evaluation.usage().prefix()).isEqualTo(100);
    assertThat(evaluation.usage().computed()).isEqualTo(20 + 20 + 10);
    assertThat(evaluation.usage().thought()).isEqualTo(0.5);
    assertThat(evaluation.pass().documentsPerSecond()).isEqualTo(1);
  }

  @Test
  void tokens_of_an_escalated_document_are_those_of_both_models() {
    Evaluation evaluation =
        Evaluation.of(
            Runs.labels("billing", "billing"),
            Runs.pass(
                ReasoningPolicy.OFF,
                List.of(
                    Runs.withoutConfidence("billing"),
                    Runs.escalated("billing", new TokenUsage(200, true, 30, 8, 6, 2)))));

    assertThat(evaluation.usage())
        .as("another model reads other instructions, which are no part of the first one's")
        .isEqualTo(new Usage((100 + 200) / 2.0, 20 + 15, 4, 10 + 3, 4 + 1, 0.5, 0.5));
    assertThat(evaluation.predictions())
        .extracting(Prediction::thought)
        .containsExactly(false, true);
  }

  @Test
  void an_earlier_run_is_compared_over_the_documents_in_common() {
    Evaluation now = Evaluation.of(LABELS, Runs.pass(ReasoningPolicy.OFF, THREE_RIGHT));
    FormerRun former =
        new FormerRun(
            "before.json",
            Map.of(
                "d0", former(Optional.of(LABELS.documents().get(0).hash()), "delivery"),
                "d1", former(Optional.empty(), "delivery"),
                "d3", former(Optional.empty(), "delivery"),
                "other", former(Optional.empty(), "delivery")));

    assertThat(Comparison.of(former, now).fields())
        .containsExactly(Map.entry("topic", new McNemar(1, 2, 3)));
  }

  @Test
  void another_document_under_the_same_id_is_not_compared() {
    Evaluation now = Evaluation.of(LABELS, Runs.pass(ReasoningPolicy.OFF, THREE_RIGHT));
    FormerRun former =
        new FormerRun(
            "before.json",
            Map.of(
                "d0", former(Optional.of(LABELS.documents().get(1).hash()), "delivery"),
                "d1", former(Optional.of(LABELS.documents().get(1).hash()), "delivery")));

    assertThat(Comparison.of(former, now).fields())
        .containsExactly(Map.entry("topic", new McNemar(0, 1, 1)));
  }

  @Test
  void a_report_is_read_back_with_its_documents(@TempDir Path directory) throws IOException {
    Evaluation now = Evaluation.of(LABELS, Runs.pass(ReasoningPolicy.OFF, THREE_RIGHT));
    EvalReport report =
        new EvalReport(now, OptionalDouble.empty(), Optional.empty(), Optional.empty());
    Path file = Files.writeString(directory.resolve("r.json"), EvalJson.of(report).toString());

    FormerRun former = FormerRun.read(file, new ArrayList<>()).orElseThrow();

    String hash = LABELS.documents().get(0).hash();
    assertThat(hash).hasSize(16).isNotEqualTo(LABELS.documents().get(1).hash());
    assertThat(former.document("d0", hash)).isPresent();
    assertThat(former.document("d1", hash)).isEmpty();
  }

  private static FormerRun.Document former(Optional<String> text, String topic) {
    return new FormerRun.Document(
        text,
        false,
        Map.of("topic", new FormerRun.Field(Optional.of(topic), Optional.empty(), false)));
  }

  @Test
  void the_proposal_is_the_cheapest_policy_that_is_no_worse_than_always() {
    Frontier frontier = frontier(OptionalDouble.empty());

    assertThat(frontier.target()).isEqualTo(0.75);
    assertThat(frontier.proposal().orElseThrow().policy())
        .isEqualTo(new ReasoningPolicy.WhenUnsure(0.7, 50));
    assertThat(frontier.points().get(0).againstAlways()).isEqualTo(new McNemar(2, 0, 4));
    assertThat(frontier.points().get(2).againstAlways().p()).isEqualTo(1);
  }

  @Test
  void a_lower_target_may_need_no_thinking_and_a_higher_one_may_be_out_of_reach() {
    assertThat(frontier(OptionalDouble.of(0.25)).proposal().orElseThrow().policy())
        .isEqualTo(ReasoningPolicy.OFF);
    assertThat(frontier(OptionalDouble.of(0.9)).proposal()).isEmpty();
  }

  @Test
  void confidences_are_the_models_own() {
    Evaluation evaluation = Evaluation.of(LABELS, Runs.pass(ReasoningPolicy.OFF, THREE_RIGHT));

    assertThat(evaluation.predictions().get(2).fields().get("topic").confidence())
        .hasValueCloseTo(0.7, within(1e-12));
  }

  @Test
  void a_server_without_probabilities_leaves_answers_without_a_confidence() {
    Evaluation evaluation =
        Evaluation.of(
            Runs.labels("billing", "billing"),
            Runs.pass(
                ReasoningPolicy.OFF,
                List.of(Runs.withoutConfidence("billing"), Runs.withoutConfidence("delivery"))));

    assertThat(evaluation.closed().get("topic").accuracy()).isEqualTo(new Proportion(1, 2));
    assertThat(evaluation.closed().get("topic").trust()).isEmpty();
    assertThat(evaluation.predictions().get(0).fields().get("topic"))
        .isEqualTo(
            new Prediction.Field(
                "billing", true, Optional.of("billing"), OptionalDouble.empty(), false));
  }

  @Test
  void the_only_label_of_a_field_is_certain() {
    Evaluation evaluation =
        Evaluation.of(
            Runs.channel(),
            Runs.pass(ReasoningPolicy.OFF, List.of(Runs.withoutConfidence("billing"))));

    assertThat(evaluation.predictions().get(0).fields().get("channel").confidence()).hasValue(1);
  }

  /** Off has one of four right, when-unsure and always three. */
  private static Frontier frontier(OptionalDouble target) {
    List<Outcome> oneRight =
        List.of(
            Runs.answered("billing", 0.9, 0),
            Runs.answered("delivery", 0.2, 0),
            Runs.answered("billing", 0.7, 0),
            Runs.answered("billing", 0.6, 0));
    List<Outcome> sometimes =
        List.of(
            Runs.answered("billing", 0.9, 0),
            Runs.answered("billing", 0.8, 30),
            Runs.answered("delivery", 0.3, 30),
            Runs.answered("billing", 0.6, 0));
    List<Outcome> always =
        List.of(
            Runs.answered("billing", 0.9, 40),
            Runs.answered("billing", 0.8, 40),
            Runs.answered("delivery", 0.3, 40),
            Runs.answered("billing", 0.6, 40));
    return Frontier.of(
        List.of(
            Evaluation.of(LABELS, Runs.pass(ReasoningPolicy.OFF, oneRight)),
            Evaluation.of(LABELS, Runs.pass(new ReasoningPolicy.WhenUnsure(0.7, 50), sometimes)),
            Evaluation.of(LABELS, Runs.pass(new ReasoningPolicy.Always(50), always))),
        List.of("topic"),
        target);
  }
}
