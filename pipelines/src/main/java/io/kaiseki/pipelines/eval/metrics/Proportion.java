package io.kaiseki.pipelines.eval.metrics;

import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;

/**
 * A part of a whole, with the 95% confidence interval of Wilson (1927), which stays within 0 and 1
 * and is usable for small counts.
 *
 * @param count how many
 * @param total of how many
 */
public record Proportion(int count, int total) {

  private static final double ERROR_RATE = 0.05;

  public Proportion {
    if (count < 0 || count > total) {
      throw new IllegalArgumentException(count + " of " + total);
    }
  }

  /** The part, 0 to 1; 0 of nothing. */
  public double value() {
    return total == 0 ? 0 : (double) count / total;
  }

  /** The lower end of the interval; 0 of nothing. */
  public double lower() {
    return total == 0 ? 0 : Math.max(0, interval().getLowerBound());
  }

  /** The upper end of the interval; 1 of nothing. */
  public double upper() {
    return total == 0 ? 1 : Math.min(1, interval().getUpperBound());
  }

  private Interval interval() {
    return BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(total, count, ERROR_RATE);
  }
}
