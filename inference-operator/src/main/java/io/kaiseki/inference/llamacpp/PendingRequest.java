package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.contract.QuoteSource;
import io.kaiseki.inference.journal.JournalEntry;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;

/**
 * A request that is prepared for the engine's thread: its text is tokens already.
 *
 * @param tokens the document and the end of the prompt
 * @param cells KV cells that it may need at most, the shared prefix not counted
 * @param submittedNanos when it was submitted, on {@link System#nanoTime()}'s scale
 * @param deadlineNanos when it is given up, on the same scale
 * @param entry told while the request has a slot
 */
record PendingRequest(
    CompletionRequest request,
    AnalysisPlan plan,
    int[] tokens,
    QuoteSource quotes,
    int cells,
    long submittedNanos,
    long deadlineNanos,
    CompletableFuture<Outcome> future,
    JournalEntry entry) {

  /** Live before backfill, then the earliest deadline, then the order of arrival. */
  static final Comparator<PendingRequest> ORDER =
      Comparator.comparing((PendingRequest pending) -> pending.request.lane())
          .thenComparing((a, b) -> Long.signum(a.deadlineNanos - b.deadlineNanos))
          .thenComparing((a, b) -> Long.signum(a.submittedNanos - b.submittedNanos));

  PendingRequest journalledBy(JournalEntry entry) {
    return new PendingRequest(
        request, plan, tokens, quotes, cells, submittedNanos, deadlineNanos, future, entry);
  }

  boolean expired(long now) {
    return now - deadlineNanos >= 0;
  }

  void fail(FailureReason reason, String message) {
    future.complete(new Outcome.Failed(reason, message));
  }
}
