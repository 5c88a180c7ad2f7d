package io.kaiseki.pipelines.eval.report;

import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import io.kaiseki.pipelines.statistics.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  /** What the frontier proposes and why. */
  static String proposal(Frontier frontier) {
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

  /** The median, and between which extremes it lies where there are several. */
  static String spread(Spread spread) {
    String median = String.format(Locale.ROOT, "%.2f", spread.median());
    return spread.count() == 1
        ? median
        : String.format(Locale.ROOT, "%s (%.2f-%.2f)", median, spread.least(), spread.greatest());
  }
}
