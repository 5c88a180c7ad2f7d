package io.kaiseki.inference;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of a request went.
 *
 * @param queued from submission to admission into a slot
 * @param timeToFirstToken from submission to the first sampled or forced token of output
 * @param total from submission to completion
 * @param reasoning when the model thought; null where it did not, or nobody knows any more: it is
 *     for the engine's process, and does not travel between those of a job
 */
public record Timings(
    Duration queued, Duration timeToFirstToken, Duration total, @Nullable Phase reasoning) {

  /**
   * A stretch of a request.
   *
   * @param from from submission to its begin
   * @param until from submission to its end
   */
  public record Phase(Duration from, Duration until) {}

  /** Times of a request without reasoning. */
  public Timings(Duration queued, Duration timeToFirstToken, Duration total) {
    this(queued, timeToFirstToken, total, null);
  }

  /**
   * The same times as seen by whoever submitted earlier, or later.
   *
   * @param by how much earlier; negative for later, and then no time gets under zero
   */
  public Timings submittedEarlier(Duration by) {
    return new Timings(
        plus(queued, by),
        plus(timeToFirstToken, by),
        plus(total, by),
        reasoning == null
            ? null
            : new Phase(plus(reasoning.from(), by), plus(reasoning.until(), by)));
  }

  private static Duration plus(Duration time, Duration by) {
    Duration sum = time.plus(by);
    return sum.isNegative() ? Duration.ZERO : sum;
  }
}
