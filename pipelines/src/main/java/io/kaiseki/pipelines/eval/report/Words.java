package io.kaiseki.pipelines.eval.report;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import io.kaiseki.pipelines.statistics.Spread;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sentences that the terminal and the page share. */
final class Words {

  private Words() {}

  /** Documents without an answer, by reason. */
  static List<String> failures(Evaluation run) {
    return run.failures().entrySet().stream()
        .map(
            entry ->
                entry.getValue().count()
                    + " "
                    + entry.getKey()
                    + ", such as: "
                    + entry.getValue().example())
        .toList();
  }

  /** How often a second model answered; empty where there is none. */
  static Optional<String> escalated(Evaluation run) {
    return run.pass()
        .secondModel()
        .map(
            second ->
                String.format(
                    Locale.ROOT,
                    "%s gave %.1f%% of the answers, where %s was unsure; the tokens are those of"
                        + " both.",
                    second,
                    100 * run.usage().escalated(),
                    run.pass().engine().model()));
  }

  /** What the frontier proposes and why, and what failed meanwhile. */
  static String proposal(Frontier frontier) {
    return (verdict(frontier) + " " + failedMore(frontier)).strip();
  }

  private static String verdict(Frontier frontier) {
    if (frontier.points().stream().allMatch(point -> point.evaluation().answered() == 0)) {
      return "Nothing is proposed: no policy answered any document.";
    }
    if (!frontier.hasTarget()) {
      return "Nothing is proposed: the target is the accuracy of always thinking, but that failed on"
          + " more documents than others did, so its accuracy tells little of thinking. Name a"
          + " target with --target, or mend the failures.";
    }
    String target =
        String.format(Locale.ROOT, "%.1f%%", 100 * frontier.target())
            + (frontier.targetIsAlways() ? ", the accuracy of always thinking" : "");
    Optional<Frontier.Point> proposal = frontier.proposal();
    if (proposal.isEmpty()) {
      return "No policy reaches the target of " + target + ".";
    }
    Frontier.Point point = proposal.get();
    Frontier.Point always = frontier.always();
    return String.format(
            Locale.ROOT,
            "Proposed: reasoning %s. It is the cheapest that reaches the target of %s: accuracy"
                + " %.1f%%, %.1f tokens for a document (always: %.1f), %.2f times the documents/s of"
                + " always. %s",
            point.policy().describe(),
            target,
            100 * point.accuracy(),
            point.tokensPerDocument(),
            always.tokensPerDocument(),
            point.speedup().median(),
            point == always
                ? ""
                : point.againstAlways().sentence("always thinking", "the proposal"))
        .strip();
  }

  /** The policies that failed more than others, and of each reason what the first of them said. */
  private static String failedMore(Frontier frontier) {
    List<Frontier.Point> points = frontier.failedMore();
    if (points.isEmpty()) {
      return "";
    }
    Map<FailureReason, String> examples = new EnumMap<>(FailureReason.class);
    points.forEach(
        point ->
            point
                .evaluation()
                .failures()
                .forEach((reason, failures) -> examples.putIfAbsent(reason, failures.example())));
    return "More documents failed under "
        + points.stream().map(Words::failed).collect(Collectors.joining(", "))
        + " than under the rest. They count as wrong, and their tokens don't count. Mend what made"
        + " them fail, or lower --budget, and measure again. "
        + examples.entrySet().stream()
            .map(example -> example.getKey() + ", such as: " + example.getValue())
            .collect(Collectors.joining(". "))
        + ".";
  }

  private static String failed(Frontier.Point point) {
    Evaluation run = point.evaluation();
    return String.format(
        Locale.ROOT,
        "%s (%d of %d: %s)",
        point.policy().describe(),
        run.failed(),
        run.predictions().size(),
        run.failures().entrySet().stream()
            .map(entry -> entry.getValue().count() + " " + entry.getKey())
            .collect(Collectors.joining(", ")));
  }

  /** The median, and between which extremes it lies where there are several. */
  static String spread(Spread spread) {
    String median = String.format(Locale.ROOT, "%.2f", spread.median());
    return spread.count() == 1
        ? median
        : String.format(Locale.ROOT, "%s (%.2f-%.2f)", median, spread.least(), spread.greatest());
  }
}
