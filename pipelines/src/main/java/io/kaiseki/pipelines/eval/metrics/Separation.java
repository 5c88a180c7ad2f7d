package io.kaiseki.pipelines.eval.metrics;

import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.statistics.inference.MannWhitneyUTest;

/** How well a score tells two groups apart. */
public final class Separation {

  private Separation() {}

  /**
   * The area under the ROC curve: the probability that a member of the first group has the greater
   * score, ties counting half. It is the Mann-Whitney U statistic as a part of its greatest value
   * (Hanley and McNeil, 1982).
   *
   * @return 0 to 1, 0.5 for no separation; empty where a group is
   */
  public static OptionalDouble auroc(List<Double> first, List<Double> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return OptionalDouble.empty();
    }
    double wins = MannWhitneyUTest.withDefaults().statistic(array(first), array(second));
    return OptionalDouble.of(wins / ((double) first.size() * second.size()));
  }

  private static double[] array(List<Double> scores) {
    return scores.stream().mapToDouble(score -> score).toArray();
  }
}
