package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.journal.JournalEntry;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;

/**
 * A caller who waits for the answer to a document.
 *
 * @param submittedNanos when the request was submitted, on {@link System#nanoTime()}'s scale
 * @param deadlineNanos when it is given up, on the same scale
 * @param future takes the outcome; the caller may cancel it
 * @param entry told when the document is in native code, if this caller's request is the one that
 *     runs
 */
record Waiter(
    CompletionRequest request,
    long submittedNanos,
    long deadlineNanos,
    CompletableFuture<Outcome> future,
    JournalEntry entry) {

  /** Live before backfill, then the earliest deadline, then the order of arrival. */
  static final Comparator<Waiter> URGENCY =
      Comparator.comparing((Waiter waiter) -> waiter.request.lane())
          .thenComparing((a, b) -> Long.signum(a.deadlineNanos - b.deadlineNanos))
          .thenComparing((a, b) -> Long.signum(a.submittedNanos - b.submittedNanos));

  /** A waiter whose document is not journalled. */
  Waiter(
      CompletionRequest request,
      long submittedNanos,
      long deadlineNanos,
      CompletableFuture<Outcome> future) {
    this(request, submittedNanos, deadlineNanos, future, JournalEntry.NONE);
  }

  boolean expired(long now) {
    return now - deadlineNanos >= 0;
  }

  /** Whether there is nothing left to do for it: it was cancelled, or its deadline has passed. */
  boolean gone(long now) {
    return future.isDone() || expired(now);
  }
}
