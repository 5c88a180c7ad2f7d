package io.kaiseki.pipelines.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** When live documents arrive. */
public enum Arrivals {
  /** At random, independent of each other: gaps of an exponential distribution. */
  POISSON("poisson"),
  /** Evenly. */
  FIXED("fixed");

  private final String word;

  Arrivals(String word) {
    this.word = word;
  }

  /** The name on the command line. */
  public String word() {
    return word;
  }

  /** The one of this name; empty if there is none. */
  public static Optional<Arrivals> named(String word) {
    return List.of(values()).stream().filter(arrivals -> arrivals.word.equals(word)).findFirst();
  }

  /**
   * Times of arrival since the start, ascending; the same for the same seed.
   *
   * @param perSecond mean arrivals in a second
   */
  List<Duration> times(int count, double perSecond, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Duration> times = new ArrayList<>();
    double seconds = 0;
    for (int i = 0; i < count; i++) {
      times.add(Duration.ofNanos(Math.round(seconds * 1e9)));
      // 1 - random is never 0, which has no logarithm.
      seconds += (this == FIXED ? 1 : -Math.log(1 - random.nextDouble())) / perSecond;
    }
    return times;
  }
}
