package io.kaiseki.pipelines.eval.run;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * The results of a job as they come. Flink's own iterator blocks for as long as there is none, so a
 * thread of its own reads it, and who waits here can be asked to stop.
 */
final class PassResults<T> implements AutoCloseable {

  private static final long POLL_MILLIS = 50;

  private final CloseableIterator<T> iterator;
  private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
  private final Thread reader;
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;

  PassResults(CloseableIterator<T> iterator) {
    this.iterator = iterator;
    this.reader = new Thread(this::read, "eval-results");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * The next result.
   *
   * @throws CancellationException if a stop was requested, or the thread interrupted
   * @throws IllegalStateException if the job has ended without another one
   */
  T next(BooleanSupplier stopRequested) {
    while (true) {
      if (stopRequested.getAsBoolean()) {
        throw new CancellationException("stopped");
      }
      boolean wasEnded = ended;
      T result = poll();
      if (result != null) {
        return result;
      }
      if (wasEnded) {
        throw new IllegalStateException("the evaluation's job ended early", failure);
      }
    }
  }

  /** Waits until the job has said that there are no more results; in vain after the limit. */
  void awaitEnd(Duration limit) {
    try {
      reader.join(limit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there will be no more results than those that wait here. */
  boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    reader.interrupt();
    try {
      iterator.close();
    } catch (Exception e) {
      throw new IllegalStateException("Flink's results can't be closed", e);
    }
  }

  private @Nullable T poll() {
    try {
      return queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  private void read() {
    try {
      while (iterator.hasNext()) {
        queue.add(iterator.next());
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      ended = true;
    }
  }
}
