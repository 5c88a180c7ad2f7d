package io.kaiseki.pipelines.eval.score;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.pipelines.eval.metrics.ClosedScore;
import io.kaiseki.pipelines.eval.metrics.OpenScore;
import io.kaiseki.pipelines.eval.run.Pass;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run, judged.
 *
 * @param labels what is true
 * @param pass what came out
 * @param closed scores of closed fields by name, in the order of the contract
 * @param open scores of all other fields by name, in the order of the contract
 * @param usage tokens of the documents that were answered
 * @param failures documents without an answer by reason
 * @param predictions what became of each document, in the order of the labels
 */
public record Evaluation(
    Labels labels,
    Pass pass,
    Map<String, ClosedScore> closed,
    Map<String, OpenScore> open,
    Usage usage,
    Map<FailureReason, Failures> failures,
    List<Prediction> predictions) {

  public Evaluation {
    closed = Collections.unmodifiableMap(new LinkedHashMap<>(closed));
    open = Collections.unmodifiableMap(new LinkedHashMap<>(open));
    predictions = List.copyOf(predictions);
  }

  /**
   * Documents without an answer for one reason.
   *
   * @param count how many
   * @param example what was said of the first of them; no document text is in it
   */
  public record Failures(int count, String example) {}

  /** Judges a run over the documents of these labels. */
  public static Evaluation of(Labels labels, Pass pass) {
    Judge judge = new Judge(labels, pass);
    List<Completion> completions =
        pass.outcomes().stream()
            .filter(Outcome.Answered.class::isInstance)
            .map(outcome -> ((Outcome.Answered) outcome).completion())
            .toList();
    Map<FailureReason, Failures> failures = new EnumMap<>(FailureReason.class);
    for (Outcome outcome : pass.outcomes()) {
      if (outcome instanceof Outcome.Failed failed) {
        failures.merge(
            failed.reason(),
            new Failures(1, failed.message()),
            (all, one) -> new Failures(all.count() + 1, all.example()));
      }
    }
    return new Evaluation(
        labels,
        pass,
        judge.closed(),
        judge.open(),
        Usage.of(completions),
        failures,
        judge.predictions());
  }

  /** How many documents were answered. */
  public int answered() {
    return pass.outcomes().size() - failed();
  }

  /** How many documents have no answer. */
  public int failed() {
    return failures.values().stream().mapToInt(Failures::count).sum();
  }

  /**
   * The closed fields that some document has a label of. Where all documents are out of scope for a
   * field, there is nothing in it to be right about.
   */
  public Map<String, ClosedScore> inScope() {
    Map<String, ClosedScore> fields = new LinkedHashMap<>(closed);
    fields.values().removeIf(score -> score.accuracy().total() == 0);
    return fields;
  }

  /** The mean accuracy of some closed fields, 0 to 1; those without a label don't count. */
  public double accuracy(Collection<String> fields) {
    return inScope().entrySet().stream()
        .filter(field -> fields.contains(field.getKey()))
        .mapToDouble(field -> field.getValue().accuracy().value())
        .average()
        .orElse(0);
  }
}
