package io.kaiseki.inference.openai;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server serves this side at all, as opposed to being well: whether it takes the key, the
 * account is paid and the model is there. One that refuses for such a reason refuses every document
 * alike, while its list of models may be served as ever. It gets no documents until it has been
 * tried with a question of no consequence: after five seconds, twice as long each time that it
 * refuses again, at most five minutes.
 *
 * <p>A request is known by how often the server had refused when it began: what ends after a
 * refusal but began before it says nothing new. Safe for use by several threads.
 */
final class Standing {

  private static final long FIRST_SECONDS = 5;
  private static final long MOST_SECONDS = 300;
  private static final int MOST_DOUBLINGS = 10;

  /**
   * Refusals in a row, over two and a half minutes, after which nobody waits for another. A gateway
   * may say 404 for as long as a server behind it is replaced.
   */
  private static final int LASTING = 6;

  private final LongSupplier nanos;

  /** Refusals so far, each of a request that began after the one before. */
  private int refusals;

  private int inRow;

  /** How many refusals the latest request that was served had begun after. */
  private int servedAfter = -1;

  private long untilNanos;
  private @Nullable String refusal;

  /**
   * @param nanos the time, on the scale of {@link System#nanoTime()}
   */
  Standing(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Refusals so far; what a request that begins now is known by. */
  synchronized int refusals() {
    return refusals;
  }

  /** Why it refuses; null where it serves, as far as is known. */
  synchronized @Nullable String refusal() {
    return refusal;
  }

  /** Whether it goes on refusing, so that waiting any longer is of no use. */
  synchronized boolean lasting() {
    return inRow >= LASTING;
  }

  /** Whether the caller is to try it now; nobody else is until the pause is over again. */
  synchronized boolean tries() {
    if (refusal == null || !due()) {
      return false;
    }
    pause();
    return true;
  }

  /**
   * It has refused a request.
   *
   * @param began how many refusals there were when the request began
   * @return how many there are now; who is served having begun after them is served in spite of
   *     this one
   */
  synchronized int refused(int began, String why) {
    if (began == refusals) {
      refused(why);
    }
    return refusals;
  }

  /** It has refused a health check; those are frequent, so it counts when a try would be due. */
  synchronized void refusedCheck(String why) {
    if (refusal == null || due()) {
      refused(why);
    }
  }

  /**
   * It has served a request that began after so many refusals.
   *
   * @return whether it refused until now
   */
  synchronized boolean served(int began) {
    servedAfter = Math.max(servedAfter, began);
    boolean again = refusal != null && began == refusals;
    if (again) {
      inRow = 0;
      refusal = null;
    }
    return again;
  }

  /** Whether it has served one that began after so many refusals. */
  synchronized boolean servedSince(int refusals) {
    return servedAfter >= refusals;
  }

  private void refused(String why) {
    refusals++;
    inRow++;
    refusal = why;
    pause();
  }

  private boolean due() {
    return nanos.getAsLong() - untilNanos >= 0;
  }

  private void pause() {
    long seconds = FIRST_SECONDS << Math.min(inRow - 1, MOST_DOUBLINGS);
    untilNanos = nanos.getAsLong() + Duration.ofSeconds(Math.min(MOST_SECONDS, seconds)).toNanos();
  }
}
