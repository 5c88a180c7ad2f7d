package io.kaiseki.inference.openai;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits between tries: from a quarter of a second, doubled each time, at most 15 seconds; each is
 * drawn between half of that and the whole, so that those who failed together do not come again
 * together.
 */
final class Backoff {

  private static final long FIRST_MILLIS = 250;
  private static final long MOST_MILLIS = 15_000;
  private static final int MOST_DOUBLINGS = 10;

  private Backoff() {}

  /**
   * The wait after a number of failures.
   *
   * @param failures at least 1
   */
  static Duration after(int failures) {
    long most = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, MOST_DOUBLINGS));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }
}
