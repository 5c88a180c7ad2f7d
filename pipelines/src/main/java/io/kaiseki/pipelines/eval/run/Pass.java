package io.kaiseki.pipelines.eval.run;

import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One run of an analysis over labelled documents, at once or in several stretches.
 *
 * @param analysis what was asked, its reasoning policy among it
 * @param outcomes how each document ended, in the order of the labels
 * @param stretches how long the documents took
 * @param engine what answered, or what answered first
 */
public record Pass(
    AnalysisDefinition analysis,
    List<Outcome> outcomes,
    List<Stretch> stretches,
    EngineDescription engine) {

  public Pass {
    outcomes = List.copyOf(outcomes);
    stretches = List.copyOf(stretches);
  }

  /**
   * Documents that ran without a break.
   *
   * @param documents how many, those that failed among them
   * @param seconds from the first one's arrival at the operator to the last outcome
   */
  public record Stretch(int documents, double seconds) {

    /** Documents a second. */
    public double rate() {
      return documents / seconds;
    }
  }

  /**
   * The passes over the {@linkplain Parts parts} of documents as one.
   *
   * @param parts of the same analysis, in the order of the parts; at least one
   */
  public static Pass joined(List<Pass> parts) {
    int count = parts.stream().mapToInt(part -> part.outcomes.size()).sum();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outcomes.add(parts.get(i % parts.size()).outcomes.get(i / parts.size()));
    }
    Pass first = parts.get(0);
    return new Pass(
        first.analysis,
        outcomes,
        parts.stream().flatMap(part -> part.stretches.stream()).toList(),
        first.engine);
  }

  /** Seconds of all stretches. */
  public double seconds() {
    return stretches.stream().mapToDouble(Stretch::seconds).sum();
  }

  /** The reasoning policy of the run. */
  public ReasoningPolicy reasoning() {
    return analysis.reasoning();
  }

  /** The name of the second model, which answers where the first is unsure; empty without one. */
  public Optional<String> secondModel() {
    return analysis.model().cascade().map(cascade -> cascade.remote().model());
  }

  /** Documents a second, those that failed among them. */
  public double documentsPerSecond() {
    return outcomes.size() / seconds();
  }
}
