package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.contract.QuoteSource;
import io.kaiseki.inference.journal.JournalEntry;
import java.util.Comparator;

/**
 * A flight that is prepared for the engine's thread: its document is tokens already.
 *
 * @param flight the run and those who wait for it
 * @param urgent the most urgent of them when the request was put into the queue
 * @param tokens the document and the end of the prompt
 * @param cells KV cells that it may need at most, the shared prefix not counted
 */
record PendingRequest(
    Flight flight, Waiter urgent, AnalysisPlan plan, int[] tokens, QuoteSource quotes, int cells) {

  /** By those who were most urgent when the requests were put into the queue. */
  static final Comparator<PendingRequest> ORDER =
      Comparator.comparing(PendingRequest::urgent, Waiter.URGENCY);

  /** The document's id, for logs and seeds: that of the first of those who brought it. */
  String id() {
    return flight.first().request().id();
  }

  /** Told while the request has a slot. */
  JournalEntry entry() {
    return flight.first().entry();
  }

  long submittedNanos() {
    return flight.first().submittedNanos();
  }

  /** Whether those who came or left since have made it more or less urgent. */
  boolean outdated() {
    return urgent != flight.mostUrgent();
  }

  /** As urgent as those who wait now. */
  PendingRequest refreshed() {
    return outdated()
        ? new PendingRequest(flight, flight.mostUrgent(), plan, tokens, quotes, cells)
        : this;
  }
}
