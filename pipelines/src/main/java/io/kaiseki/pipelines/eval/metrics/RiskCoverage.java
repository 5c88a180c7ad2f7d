package io.kaiseki.pipelines.eval.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is left of the errors when only the surest answers are used, after Geifman and El-Yaniv,
 * "Selective Classification for Deep Neural Networks" (2017).
 *
 * @param points from the surest document to all of them; one for each confidence that occurs
 * @param aurc the area under the curve: the mean risk over the coverages {@code 1/n … n/n}; less is
 *     better
 */
public record RiskCoverage(List<Point> points, double aurc) {

  public RiskCoverage {
    points = List.copyOf(points);
  }

  /**
   * One choice of how much to use.
   *
   * @param confidence the least confidence that is used
   * @param coverage the part of all documents that have it
   * @param risk the part of those that are wrong
   */
  public record Point(double confidence, double coverage, double risk) {}

  /**
   * Over all documents by the confidence of their most probable label; one that failed is wrong, at
   * confidence 0. Documents of equal confidence count as if in random order, so that the order they
   * come in changes nothing.
   */
  public static RiskCoverage of(List<Judgement> judgements) {
    List<Judgement> surest =
        judgements.stream()
            .sorted(Comparator.comparingDouble(Judgement::confidence).reversed())
            .toList();
    List<Point> points = new ArrayList<>();
    double area = 0;
    int used = 0;
    int wrong = 0;
    while (used < surest.size()) {
      double confidence = surest.get(used).confidence();
      int end = used;
      int more = 0;
      while (end < surest.size() && surest.get(end).confidence() == confidence) {
        more += surest.get(end).leaningRight() ? 0 : 1;
        end++;
      }
      double rate = (double) more / (end - used);
      for (int i = 1; i <= end - used; i++) {
        area += (wrong + i * rate) / (used + i);
      }
      wrong += more;
      used = end;
      points.add(new Point(confidence, (double) used / surest.size(), (double) wrong / used));
    }
    return new RiskCoverage(points, surest.isEmpty() ? 0 : area / surest.size());
  }
}
