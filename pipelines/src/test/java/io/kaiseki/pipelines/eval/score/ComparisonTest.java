package io.kaiseki.pipelines.eval.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.pipelines.eval.metrics.McNemar;
import io.kaiseki.pipelines.eval.report.EvalJson;
import io.kaiseki.pipelines.eval.report.EvalReport;
import io.kaiseki.pipelines.eval.run.Pass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run against the report of an earlier one. */
class ComparisonTest {

  @TempDir Path directory;

  @Test
  void labels_that_were_put_right_between_two_runs_make_neither_of_them_better()
      throws IOException {
    Pass answers = Runs.pass(ReasoningPolicy.OFF, EvaluationTest.THREE_RIGHT);
    FormerRun former = readBack(Evaluation.of(EvaluationTest.LABELS, answers));
    Labels corrected =
        relabelled(
            relabelled(EvaluationTest.LABELS, 3, "topic", new Label.Closed("billing")),
            2,
            "due",
            new Label.Open(List.of("2026-01-31")));

    assertThat(Comparison.of(former, Evaluation.of(corrected, answers)).fields())
        .containsExactly(
            Map.entry("topic", new McNemar(0, 0, 4)),
            // No report has texts, so none can be judged by another label.
            Map.entry("due", new McNemar(0, 0, 3)));
  }

  @Test
  void texts_quotes_and_lists_are_compared_by_whether_they_are_exactly_right() throws IOException {
    List<Outcome> failing = new ArrayList<>(EvaluationTest.THREE_RIGHT);
    failing.set(0, Runs.failed(FailureReason.DEADLINE));
    FormerRun former =
        readBack(Evaluation.of(EvaluationTest.LABELS, Runs.pass(ReasoningPolicy.OFF, failing)));

    Evaluation now =
        Evaluation.of(
            EvaluationTest.LABELS, Runs.pass(ReasoningPolicy.OFF, EvaluationTest.THREE_RIGHT));

    assertThat(Comparison.of(former, now).fields())
        .containsExactly(
            Map.entry("topic", new McNemar(0, 1, 4)), Map.entry("due", new McNemar(0, 1, 4)));
  }

  @Test
  void a_report_that_tells_no_truths_is_compared_by_the_labels_that_it_answered()
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("before.json"),
            """
            {"predictions": [
              {"id": "d0", "fields": {"due": {"correct": false},
                "topic": {"correct": true, "label": "billing", "abstained": true}}},
              {"id": "d1", "failed": "DEADLINE", "fields": {"topic": {"correct": false}}},
              {"id": "d2", "fields": {
                "topic": {"correct": false, "label": "delivery", "abstained": false}}}]}
            """);
    FormerRun former = FormerRun.read(file, new ArrayList<>()).orElseThrow();

    Evaluation now =
        Evaluation.of(
            EvaluationTest.LABELS, Runs.pass(ReasoningPolicy.OFF, EvaluationTest.THREE_RIGHT));

    assertThat(Comparison.of(former, now).fields())
        .containsExactly(Map.entry("topic", new McNemar(0, 2, 3)));
  }

  private FormerRun readBack(Evaluation run) throws IOException {
    EvalReport report =
        new EvalReport(run, OptionalDouble.empty(), Optional.empty(), Optional.empty());
    Path file = Files.writeString(directory.resolve("r.json"), EvalJson.of(report).toString());
    return FormerRun.read(file, new ArrayList<>()).orElseThrow();
  }

  private static Labels relabelled(Labels labels, int at, String field, Label label) {
    List<LabelledDocument> documents = new ArrayList<>(labels.documents());
    LabelledDocument document = documents.get(at);
    Map<String, Label> corrected = new HashMap<>(document.labels());
    corrected.put(field, label);
    documents.set(
        at, new LabelledDocument(document.id(), document.title(), document.body(), corrected));
    return new Labels(labels.file(), labels.rows(), labels.fields(), documents);
  }
}
