package io.kaiseki.pipelines.statistics;

import java.util.List;

/**
 * Several measurements of one thing.
 *
 * @param median the middle one; of an even number, the mean of the two in the middle
 * @param least the least
 * @param greatest the greatest
 * @param count how many
 */
public record Spread(double median, double least, double greatest, int count) {

  /**
   * Of these measurements.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no measurements");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int count = sorted.size();
    double median = (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(count - 1), count);
  }

  /** The difference of the extremes as a part of the median. */
  public double relative() {
    return (greatest - least) / median;
  }
}
