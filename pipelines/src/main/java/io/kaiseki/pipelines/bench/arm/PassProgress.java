package io.kaiseki.pipelines.bench.arm;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** How far a pass has come, and whether it shall go on. Safe for use by several threads. */
public final class PassProgress {

  private static final long POLL_MILLIS = 50;

  private final BooleanSupplier stopRequested;
  private final LongConsumer listener;
  private final AtomicLong done = new AtomicLong();

  /**
   * @param stopRequested whether the pass shall end early
   * @param listener hears how many documents are answered, on whatever thread answers them
   */
  public PassProgress(BooleanSupplier stopRequested, LongConsumer listener) {
    this.stopRequested = stopRequested;
    this.listener = listener;
  }

  /** One more document has its answer. Never called for one that failed or was cancelled. */
  public void answered() {
    listener.accept(done.incrementAndGet());
  }

  /** Documents that have their answer. */
  public long done() {
    return done.get();
  }

  /**
   * Ends the pass if a stop was requested.
   *
   * @throws CancellationException if so
   */
  public void check() {
    if (stopRequested.getAsBoolean()) {
      throw new CancellationException("stopped with " + done + " documents answered");
    }
  }

  /**
   * Waits for a result, but no longer than until a stop is requested.
   *
   * @throws CancellationException if a stop was requested, or the future was cancelled
   * @throws ArmFailedException if it failed
   */
  public <T> T await(Future<T> future) {
    while (true) {
      check();
      try {
        return future.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted");
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        throw cause instanceof ArmFailedException failed
            ? failed
            : new ArmFailedException(String.valueOf(cause.getMessage()), cause);
      }
    }
  }
}
