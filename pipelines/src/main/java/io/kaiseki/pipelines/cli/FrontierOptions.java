package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.openai.OpenAiEngine;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.eval.EvalPlan.FrontierPlan;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelledField;
import io.kaiseki.pipelines.eval.labels.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that compare reasoning policies. */
final class FrontierOptions {

  private static final int DEFAULT_BUDGET = 256;
  private static final int GREATEST_BUDGET = 32_768;
  private static final List<Double> DEFAULT_THRESHOLDS = List.of(0.5, 0.7, 0.9);

  @Option(
      names = "--frontier",
      description =
          "Run the same documents with reasoning off, when-unsure at several thresholds, and always,"
              + " in turns over parts of them, and propose the cheapest that reaches the target.")
  boolean frontier;

  @Option(
      names = "--thresholds",
      paramLabel = "P",
      split = ",",
      description = "With --frontier: thresholds of when-unsure; default 0.5,0.7,0.9.")
  @Nullable List<Double> thresholds;

  @Option(
      names = "--budget",
      paramLabel = "N",
      description =
          "With --frontier: most tokens of reasoning for a document; default that of the analysis,"
              + " of its analysis.yaml where its calibration has turned reasoning off, or 256 where"
              + " neither has one.")
  @Nullable Integer budget;

  @Option(
      names = "--field",
      paramLabel = "FIELD",
      split = ",",
      description =
          "With --frontier: closed fields whose mean accuracy counts; default all that have"
              + " labels.")
  @Nullable List<String> fields;

  @Option(
      names = "--target",
      paramLabel = "PART",
      description =
          "With --frontier: accuracy that the proposal must reach, over 0 and at most 1; default"
              + " that of always, and none where always failed on more documents than another.")
  @Nullable Double target;

  @Option(
      names = "--write",
      description =
          "With --frontier: write the proposal to calibration.yaml in the folder of the analysis,"
              + " where it decides the reasoning from then on.")
  boolean write;

  /** Notes options that are out of range, or that have no effect without {@code --frontier}. */
  void check(Collection<ConfigurationProblem> problems) {
    if (!frontier) {
      ineffective(problems, "--thresholds", thresholds);
      ineffective(problems, "--budget", budget);
      ineffective(problems, "--field", fields);
      ineffective(problems, "--target", target);
      ineffective(problems, "--write", write ? "" : null);
    }
    for (double threshold : thresholds()) {
      if (!(threshold > 0 && threshold <= 1)) {
        add(problems, "--thresholds", threshold, "expected numbers over 0 and at most 1");
      }
    }
    if (budget != null && (budget < 1 || budget > GREATEST_BUDGET)) {
      add(problems, "--budget", budget, "expected a whole number from 1 to " + GREATEST_BUDGET);
    }
    if (target != null && !(target > 0 && target <= 1)) {
      add(problems, "--target", target, "expected a number over 0 and at most 1");
    }
  }

  /** Notes servers that reason alike under every policy. */
  void check(AnalysisDefinition definition, Collection<ConfigurationProblem> problems) {
    if (frontier) {
      definition
          .model()
          .remote()
          .map(OpenAiEngine::withoutReasoningPolicies)
          .orElse(List.of())
          .forEach(
              server ->
                  add(
                      problems,
                      "model.endpoint",
                      server,
                      "takes no reasoning policy, so there is nothing to compare with --frontier;"
                          + " only kaiseki serve does. How much others reason is for them to say,"
                          + " and model.reasoning-effort is passed on to them"));
    }
  }

  /** Notes fields that can't be compared. */
  void check(Labels labels, Collection<ConfigurationProblem> problems) {
    List<String> closed = names(labels);
    if (frontier && closed.isEmpty()) {
      add(problems, "--frontier", "", "needs labels of a closed field (an enum or a boolean)");
    }
    if (fields != null) {
      for (String field : fields) {
        if (!closed.contains(field)) {
          add(
              problems,
              "--field",
              field,
              "no closed field with labels; choose from " + String.join(", ", closed));
        }
      }
    }
  }

  /**
   * What to compare; only to be asked once everything is checked.
   *
   * @param uncalibrated the budget that the analysis has without its calibration
   */
  FrontierPlan plan(AnalysisDefinition definition, Optional<Integer> uncalibrated, Labels labels) {
    int own = definition.reasoning().maxTokens();
    int tokens = budget != null ? budget : own > 0 ? own : uncalibrated.orElse(DEFAULT_BUDGET);
    List<ReasoningPolicy> policies = new ArrayList<>();
    policies.add(ReasoningPolicy.OFF);
    thresholds().stream()
        .distinct()
        .sorted()
        .map(threshold -> new ReasoningPolicy.WhenUnsure(threshold, tokens))
        .forEach(policies::add);
    policies.add(new ReasoningPolicy.Always(tokens));
    return new FrontierPlan(
        policies,
        fields != null ? fields : names(labels),
        target == null ? OptionalDouble.empty() : OptionalDouble.of(target));
  }

  private List<Double> thresholds() {
    return thresholds != null ? thresholds : DEFAULT_THRESHOLDS;
  }

  /** A field that is out of scope in every document has no accuracy to compare. */
  private static List<String> names(Labels labels) {
    return labels.closedFields().stream()
        .map(LabelledField::name)
        .filter(
            field ->
                labels.documents().stream()
                    .anyMatch(document -> document.labels().get(field) instanceof Label.Closed))
        .toList();
  }

  private static void ineffective(
      Collection<ConfigurationProblem> problems, String option, @Nullable Object value) {
    if (value != null) {
      add(problems, option, value, "has no effect without --frontier; add that or remove this");
    }
  }

  private static void add(
      Collection<ConfigurationProblem> problems, String option, Object value, String remedy) {
    problems.add(new ConfigurationProblem(option, String.valueOf(value), remedy));
  }
}
