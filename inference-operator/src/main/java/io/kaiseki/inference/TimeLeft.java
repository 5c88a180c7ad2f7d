package io.kaiseki.inference;

import java.time.Duration;
import java.time.Instant;

/**
 * The time until a deadline as one can calculate with it: a deadline may be as far away as {@link
 * Instant#MAX}, and neither milliseconds nor nanoseconds could be counted until then.
 */
public final class TimeLeft {

  /** As good as for ever: 100 years, which in nanoseconds are a third of what a long holds. */
  public static final Duration LONGEST = Duration.ofDays(36_500);

  private TimeLeft() {}

  /** From now to a deadline: zero where it has passed, and at most {@link #LONGEST}. */
  public static Duration until(Instant deadline) {
    Duration left = Duration.between(Instant.now(), deadline);
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(LONGEST) < 0 ? left : LONGEST;
  }
}
