package io.kaiseki.inference.journal;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TimeLeft;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests run together, or one alone with nothing beside it. As soon as one asks to be alone,
 * those that come later are held; it starts when those that run have ended, and the held ones start
 * when nobody asks to be alone any more.
 *
 * <p>Never blocks. What is held starts on the thread that ended the work before it. A held request
 * ends at its deadline like any other.
 */
final class IsolationGate {

  /** Of this process: a crash takes all engines down, so alone means alone among all of them. */
  static final IsolationGate PROCESS = new IsolationGate();

  private final Deque<Held> waitingToBeAlone = new ArrayDeque<>();
  private final Deque<Held> waitingForOthers = new ArrayDeque<>();
  private int running;
  private boolean occupiedByOne;
  private boolean draining;

  /**
   * Runs a request now or later.
   *
   * @param alone whether nothing may run beside it
   * @param start starts it; what this throws is thrown, or ends the future of a held request
   * @return completes as the request does
   */
  CompletableFuture<Outcome> pass(
      boolean alone, Instant deadline, Supplier<CompletableFuture<Outcome>> start) {
    if (!alone && entered()) {
      return startedNow(start);
    }
    Held held = new Held(alone, start);
    held.failAt(deadline);
    synchronized (this) {
      (alone ? waitingToBeAlone : waitingForOthers).add(held);
    }
    drain();
    return held.future;
  }

  private synchronized boolean entered() {
    boolean free = !occupiedByOne && waitingToBeAlone.isEmpty() && waitingForOthers.isEmpty();
    running += free ? 1 : 0;
    return free;
  }

  private CompletableFuture<Outcome> startedNow(Supplier<CompletableFuture<Outcome>> start) {
    CompletableFuture<Outcome> started;
    try {
      started = start.get();
    } catch (RuntimeException | Error e) {
      left(false);
      throw e;
    }
    started.whenComplete((outcome, error) -> left(false));
    return started;
  }

  private void left(boolean alone) {
    synchronized (this) {
      running--;
      occupiedByOne &= !alone;
    }
    drain();
  }

  /**
   * Starts whatever may start. A request that ends as soon as it starts comes back here; the loop
   * that started it goes on instead.
   */
  private void drain() {
    for (Held next = null; ; next.run()) {
      synchronized (this) {
        if (next == null && draining) {
          return;
        }
        next = next();
        draining = next != null;
        if (next == null) {
          return;
        }
        running++;
        occupiedByOne = next.alone;
      }
    }
  }

  private @Nullable Held next() {
    waitingToBeAlone.removeIf(held -> held.future.isDone());
    if (!waitingToBeAlone.isEmpty()) {
      return running == 0 ? waitingToBeAlone.remove() : null;
    }
    return occupiedByOne ? null : waitingForOthers.poll();
  }

  /** A request that could not start at once. */
  private final class Held {
    private final boolean alone;
    private final Supplier<CompletableFuture<Outcome>> start;
    private final CompletableFuture<Outcome> future = new CompletableFuture<>();

    /** Whether the deadline came first; done as soon as it no longer matters. */
    private final CompletableFuture<Boolean> late = new CompletableFuture<>();

    Held(boolean alone, Supplier<CompletableFuture<Outcome>> start) {
      this.alone = alone;
      this.start = start;
    }

    /**
     * Only while it is held: later, the engine keeps the deadline and tells more. A timer that went
     * on would keep the document in memory until then.
     */
    void failAt(Instant deadline) {
      late.completeOnTimeout(true, TimeLeft.until(deadline).toMillis(), TimeUnit.MILLISECONDS)
          .thenAccept(
              passed -> {
                if (passed) {
                  future.complete(
                      new Outcome.Failed(
                          FailureReason.DEADLINE,
                          "the deadline passed while documents ran one by one after a crash of the"
                              + " process; raise limits.deadline if this happens often"));
                }
              });
      future.whenComplete((outcome, error) -> late.complete(false));
    }

    void run() {
      late.complete(false);
      if (future.isDone()) {
        left(alone);
        return;
      }
      CompletableFuture<Outcome> work;
      try {
        work = start.get();
      } catch (RuntimeException | Error e) {
        left(alone);
        refused(e);
        return;
      }
      future.whenComplete(
          (outcome, error) -> {
            if (future.isCancelled()) {
              work.cancel(false);
            }
          });
      work.whenComplete(
          (outcome, error) -> {
            left(alone);
            if (error == null) {
              future.complete(outcome);
            } else {
              future.completeExceptionally(error);
            }
          });
    }

    private void refused(Throwable cause) {
      if (cause instanceof IllegalStateException) {
        future.complete(new Outcome.Failed(FailureReason.CANCELLED, "the engine was closed"));
      } else {
        future.completeExceptionally(cause);
      }
    }
  }
}
