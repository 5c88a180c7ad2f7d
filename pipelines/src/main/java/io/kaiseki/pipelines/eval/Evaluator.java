package io.kaiseki.pipelines.eval;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import io.kaiseki.pipelines.eval.report.EvalReport;
import io.kaiseki.pipelines.eval.run.EvaluationJob;
import io.kaiseki.pipelines.eval.run.Parts;
import io.kaiseki.pipelines.eval.run.Pass;
import io.kaiseki.pipelines.eval.run.PassListener;
import io.kaiseki.pipelines.eval.score.Comparison;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Measures as planned. Several policies take turns on one engine, so that none of them loads the
 * model, and over parts of the documents, so that a machine whose pace changes changes it for all.
 */
public final class Evaluator {

  private final EvalPlan plan;
  private final EngineSource source;
  private final PassListener listener;
  private final BooleanSupplier stopRequested;

  /**
   * @param listener hears where it stands, on the caller's thread
   * @param stopRequested whether to end early
   */
  public Evaluator(EvalPlan plan, PassListener listener, BooleanSupplier stopRequested) {
    this(plan, plan.engine(), listener, stopRequested);
  }

  /** The same with another engine than that of the plan. */
  Evaluator(
      EvalPlan plan, EngineSource source, PassListener listener, BooleanSupplier stopRequested) {
    this.plan = plan;
    this.source = source;
    this.listener = listener;
    this.stopRequested = stopRequested;
  }

  /**
   * Runs to the end.
   *
   * @throws CancellationException if a stop was requested
   * @throws EngineUnavailableException if the model can't be started, or can't run a policy
   */
  public EvalReport run() {
    List<Evaluation> evaluations;
    List<ReasoningPolicy> policies =
        plan.frontier()
            .map(EvalPlan.FrontierPlan::policies)
            .orElse(List.of(plan.definition().reasoning()));
    // Held for all runs: a model that can't be started is told before the first.
    InferenceEngine engine = source.acquire();
    try {
      refuseUnsupported(engine, policies);
      evaluations = evaluations(policies);
    } finally {
      engine.close();
    }
    Optional<Frontier> frontier =
        plan.frontier().map(of -> Frontier.of(evaluations, of.fields(), of.target()));
    Evaluation shown = frontier.map(found -> found.shown().evaluation()).orElse(evaluations.get(0));
    return new EvalReport(
        shown,
        plan.costPerHour(),
        plan.former().map(former -> Comparison.of(former, shown)),
        frontier);
  }

  /** Before the first run: a policy that can't run would take the others' results with it. */
  private void refuseUnsupported(InferenceEngine engine, List<ReasoningPolicy> policies) {
    Map<String, List<String>> refused = new LinkedHashMap<>();
    for (ReasoningPolicy policy : policies) {
      engine
          .unsupported(plan.definition().withReasoning(policy).toAnalysis())
          .ifPresent(
              why -> refused.computeIfAbsent(why, of -> new ArrayList<>()).add(policy.describe()));
    }
    if (!refused.isEmpty()) {
      throw new EngineUnavailableException(
          refused.entrySet().stream()
                  .map(of -> "reasoning " + String.join(", ", of.getValue()) + ": " + of.getKey())
                  .collect(Collectors.joining("; "))
              + (plan.frontier().isPresent() ? "; --budget sets the budget" : ""));
    }
  }

  private List<Evaluation> evaluations(List<ReasoningPolicy> policies) {
    List<LabelledDocument> documents = plan.labels().documents();
    List<List<LabelledDocument>> parts =
        policies.size() == 1 ? List.of(documents) : Parts.of(documents);
    List<List<Pass>> passes = new ArrayList<>();
    policies.forEach(policy -> passes.add(new ArrayList<>()));
    int begun = 0;
    for (int part = 0; part < parts.size(); part++) {
      EvaluationJob job = new EvaluationJob(source, parts.get(part), stopRequested);
      for (int turn = 0; turn < policies.size(); turn++) {
        // Every other time the other way round, so that none always comes after the same one.
        int at = part % 2 == 0 ? turn : policies.size() - 1 - turn;
        ReasoningPolicy policy = policies.get(at);
        listener.begins(++begun, parts.size() * policies.size(), policy.describe());
        passes.get(at).add(job.run(plan.definition().withReasoning(policy), listener));
        listener.ends();
      }
    }
    return passes.stream().map(run -> Evaluation.of(plan.labels(), Pass.joined(run))).toList();
  }
}
