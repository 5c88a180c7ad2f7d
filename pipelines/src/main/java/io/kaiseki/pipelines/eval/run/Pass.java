package io.kaiseki.pipelines.eval.run;

import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import java.util.List;

/**
 * One run of an analysis over labelled documents.
 *
 * @param analysis what was asked, its reasoning policy among it
 * @param outcomes how each document ended, in the order of the labels
 * @param seconds from the first document's arrival at the operator to the last outcome
 * @param engine what answered
 */
public record Pass(
    AnalysisDefinition analysis, List<Outcome> outcomes, double seconds, EngineDescription engine) {

  public Pass {
    outcomes = List.copyOf(outcomes);
  }

  /** The reasoning policy of the run. */
  public ReasoningPolicy reasoning() {
    return analysis.reasoning();
  }

  /** Documents a second, those that failed among them. */
  public double documentsPerSecond() {
    return outcomes.size() / seconds;
  }
}
