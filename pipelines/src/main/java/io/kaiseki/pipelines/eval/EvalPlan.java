package io.kaiseki.pipelines.eval;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.FreshEngine;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.pipelines.eval.score.FormerRun;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What to measure.
 *
 * @param definition the analysis; its model is set
 * @param labels labelled documents
 * @param costPerHour price of the machine for an hour, in any currency; empty where unknown
 * @param former an earlier run to compare with
 * @param frontier reasoning policies to compare; empty measures the analysis as it is
 */
public record EvalPlan(
    AnalysisDefinition definition,
    Labels labels,
    OptionalDouble costPerHour,
    Optional<FormerRun> former,
    Optional<FrontierPlan> frontier) {

  /**
   * Policies to compare.
   *
   * @param policies one of which is always; they run in this order
   * @param fields closed fields whose mean accuracy counts
   * @param target the accuracy asked for; empty asks for that of always
   */
  public record FrontierPlan(
      List<ReasoningPolicy> policies, List<String> fields, OptionalDouble target) {}

  /**
   * The model as production runs it, but every document is computed, by servers too: an answer from
   * memory would tell nothing of what it takes.
   */
  EngineSource engine() {
    return FreshEngine.source(definition.toEngineSource());
  }
}
