package io.kaiseki.pipelines.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a job is restarted after a failure: each time after twice the delay, until it has failed too
 * often. A job that has run well for an hour starts counting anew.
 *
 * @param attempts restarts in a row; the next failure ends the job
 * @param initialDelay before the first restart
 * @param maximumDelay that the delay does not grow beyond
 */
public record RestartSettings(int attempts, Duration initialDelay, Duration maximumDelay)
    implements Serializable {

  public static final double MULTIPLIER = 2;

  /** Part of the delay by which it is varied at random, so that jobs do not restart in step. */
  public static final double JITTER = 0.1;

  public static final Duration RESET_AFTER = Duration.ofHours(1);

  /** The longest time that all restarts in a row may spend waiting, jitter included. */
  public Duration longest() {
    double delay = initialDelay.toMillis();
    double sum = 0;
    for (int attempt = 0; attempt < attempts; attempt++) {
      sum += Math.min(delay, maximumDelay.toMillis());
      delay *= MULTIPLIER;
    }
    return Duration.ofMillis((long) Math.ceil(sum * (1 + JITTER)));
  }
}
