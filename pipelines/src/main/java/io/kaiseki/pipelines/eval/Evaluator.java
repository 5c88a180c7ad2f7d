package io.kaiseki.pipelines.eval;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.eval.report.EvalReport;
import io.kaiseki.pipelines.eval.run.EvaluationJob;
import io.kaiseki.pipelines.eval.run.PassListener;
import io.kaiseki.pipelines.eval.score.Comparison;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Measures as planned. Several policies run one after the other on one engine, so that none of them
 * loads the model.
 */
public final class Evaluator {

  private final EvalPlan plan;
  private final PassListener listener;
  private final BooleanSupplier stopRequested;

  /**
   * @param listener hears where it stands, on the caller's thread
   * @param stopRequested whether to end early
   */
  public Evaluator(EvalPlan plan, PassListener listener, BooleanSupplier stopRequested) {
    this.plan = plan;
    this.listener = listener;
    this.stopRequested = stopRequested;
  }

  /**
   * Runs to the end.
   *
   * @throws CancellationException if a stop was requested
   * @throws EngineUnavailableException if the model can't be started
   */
  public EvalReport run() {
    EngineSource source = plan.engine();
    List<Evaluation> evaluations = new ArrayList<>();
    List<ReasoningPolicy> policies =
        plan.frontier()
            .map(EvalPlan.FrontierPlan::policies)
            .orElse(List.of(plan.definition().reasoning()));
    // Held for all runs: a model that can't be started is told before the first.
    InferenceEngine engine = source.acquire();
    try {
      EvaluationJob job = new EvaluationJob(source, plan.labels().documents(), stopRequested);
      for (ReasoningPolicy policy : policies) {
        AnalysisDefinition definition = plan.definition().withReasoning(policy);
        listener.begins(evaluations.size() + 1, policies.size(), policy.describe());
        evaluations.add(Evaluation.of(plan.labels(), job.run(definition, listener)));
        listener.ends();
      }
    } finally {
      engine.close();
    }
    Optional<Frontier> frontier =
        plan.frontier().map(of -> Frontier.of(evaluations, of.fields(), of.target()));
    Evaluation shown =
        frontier
            .map(found -> found.proposal().orElseGet(found::always).evaluation())
            .orElse(evaluations.get(0));
    return new EvalReport(
        shown,
        plan.costPerHour(),
        plan.former().map(former -> Comparison.of(former, shown)),
        frontier);
  }
}
