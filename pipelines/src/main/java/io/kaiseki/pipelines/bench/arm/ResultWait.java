package io.kaiseki.pipelines.bench.arm;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Waits for the results of a relay. One that is lost, or is a dead letter instead, never comes, so
 * the wait ends where none has come for a while.
 *
 * @param patience how long no result may come
 * @param nanoTime the clock, as {@link System#nanoTime()}
 */
record ResultWait(Duration patience, LongSupplier nanoTime) {

  /** Far longer than a job takes to start, or a checkpoint to make results visible. */
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(60);

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  static ResultWait usual() {
    return new ResultWait(USUAL_PATIENCE, System::nanoTime);
  }

  /**
   * Returns when so many results are there.
   *
   * @param seen how many there are so far
   * @param relay what they come through
   * @param progress hears of each
   * @throws ArmFailedException if the relay has ended, or no result comes any more
   * @throws CancellationException if a stop was requested
   */
  void until(long results, LongSupplier seen, Relay relay, PassProgress progress) {
    long before = -1;
    long since = nanoTime.getAsLong();
    for (long now; (now = seen.getAsLong()) < results; ) {
      while (progress.done() < now) {
        progress.answered();
      }
      progress.check();
      relay.check();
      if (now > before) {
        before = now;
        since = nanoTime.getAsLong();
      } else if (nanoTime.getAsLong() - since > patience.toNanos()) {
        throw new ArmFailedException(
            ("no result came for %d s, with %d of %d there; the other documents are lost, or are"
                    + " dead letters")
                .formatted(patience.toSeconds(), now, results));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
