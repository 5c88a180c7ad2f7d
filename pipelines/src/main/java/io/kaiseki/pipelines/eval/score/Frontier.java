package io.kaiseki.pipelines.eval.score;

import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.eval.metrics.McNemar;
import io.kaiseki.pipelines.eval.run.Pass;
import io.kaiseki.pipelines.statistics.Spread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The same labels under several reasoning policies: what thinking buys and what it costs.
 *
 * @param fields the closed fields whose mean accuracy counts
 * @param points one for each policy, in the order in which they ran
 * @param target the accuracy that the proposal must reach, 0 to 1
 * @param targetIsAlways whether the target is the accuracy of always thinking, for want of another
 */
public record Frontier(
    List<String> fields, List<Point> points, double target, boolean targetIsAlways) {

  /** Accuracies closer than this are the same; sums of doubles differ by as much. */
  private static final double SAME = 1e-9;

  public Frontier {
    fields = List.copyOf(fields);
    points = List.copyOf(points);
  }

  /**
   * One policy.
   *
   * @param evaluation its run
   * @param accuracy the mean accuracy of the fields
   * @param againstAlways McNemar's test of always thinking, which is the first, against this
   *     policy; a document counts as right if all the fields are
   * @param speedup documents a second over those of always thinking, in each part of the documents
   *     that the policies took turns over
   */
  public record Point(
      Evaluation evaluation, double accuracy, McNemar againstAlways, Spread speedup) {

    /** The policy. */
    public ReasoningPolicy policy() {
      return evaluation.pass().reasoning();
    }

    /** The mean of the tokens that the model computed for a document that it answered. */
    public double tokensPerDocument() {
      return evaluation.usage().computed();
    }
  }

  /**
   * Of runs over the same labels.
   *
   * @param evaluations one for each policy, one of which is always
   * @param target the accuracy asked for; empty asks for that of always
   */
  public static Frontier of(
      List<Evaluation> evaluations, List<String> fields, OptionalDouble target) {
    Evaluation always =
        evaluations.stream()
            .filter(run -> run.pass().reasoning() instanceof ReasoningPolicy.Always)
            .findFirst()
            .orElseThrow();
    List<Point> points = new ArrayList<>();
    for (Evaluation evaluation : evaluations) {
      points.add(
          new Point(
              evaluation,
              evaluation.accuracy(fields),
              Comparison.ofAll(always, evaluation, fields),
              speedup(evaluation.pass(), always.pass())));
    }
    return new Frontier(fields, points, target.orElse(always.accuracy(fields)), target.isEmpty());
  }

  private static Spread speedup(Pass pass, Pass always) {
    return Spread.of(
        IntStream.range(0, pass.stretches().size())
            .mapToObj(i -> pass.stretches().get(i).rate() / always.stretches().get(i).rate())
            .toList());
  }

  /** The point of always thinking. */
  public Point always() {
    return points.stream()
        .filter(point -> point.policy() instanceof ReasoningPolicy.Always)
        .findFirst()
        .orElseThrow();
  }

  /**
   * The policies that failed on more documents than the one that failed on fewest. Their accuracy
   * is lower for it, and so may their tokens be: those of the documents that failed are not known.
   */
  public List<Point> failedMore() {
    int fewest = points.stream().mapToInt(point -> point.evaluation().failed()).min().orElse(0);
    return points.stream().filter(point -> point.evaluation().failed() > fewest).toList();
  }

  /**
   * Whether there is a target. Where always thinking failed on more documents than another policy,
   * its accuracy tells of failures and not of thinking, and is none.
   */
  public boolean hasTarget() {
    return !targetIsAlways
        || failedMore().stream()
            .noneMatch(point -> point.policy() instanceof ReasoningPolicy.Always);
  }

  /**
   * The cheapest policy that reaches the target: that with the fewest tokens for a document, and of
   * equals the most accurate. Empty where none reaches it, or there is no target.
   */
  public Optional<Point> proposal() {
    if (!hasTarget()) {
      return Optional.empty();
    }
    return points.stream()
        // Without an answer there is no price.
        .filter(point -> point.evaluation().answered() > 0)
        .filter(point -> point.accuracy() >= target - SAME)
        .min(
            Comparator.comparingDouble(Point::tokensPerDocument)
                .thenComparing(Comparator.comparingDouble(Point::accuracy).reversed()));
  }

  /**
   * The policy to show in full: the one that is proposed, or always thinking where none is; where
   * that answered nothing, the one that answered most.
   */
  public Point shown() {
    return proposal()
        .orElseGet(
            () ->
                always().evaluation().answered() > 0
                    ? always()
                    : Collections.max(
                        points,
                        Comparator.comparingInt((Point point) -> point.evaluation().answered())));
  }
}
