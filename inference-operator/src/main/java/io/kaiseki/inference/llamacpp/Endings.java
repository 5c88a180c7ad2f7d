package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.telemetry.DocumentFault;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How requests end: who learns of an outcome finds it counted, and its slot free.
 *
 * <p>Belongs to the engine's thread.
 */
final class Endings {

  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

  private final Admission admission;
  private final EngineCounters counters;
  private final SharedAnswers answers;

  Endings(Admission admission, EngineCounters counters, SharedAnswers answers) {
    this.admission = admission;
    this.counters = counters;
    this.answers = answers;
  }

  /**
   * Answers with what a slot has come to.
   *
   * @throws IllegalArgumentException if the answer can't be read; the slot still runs then
   * @throws RuntimeException if it can't be shared; all who waited have been told
   */
  void answer(Slot slot, long now) {
    Flight flight = slot.pending().flight();
    Completion completion = slot.completion(now);
    boolean shared = flight.key() != null && slot.greedy();
    KeptAnswer kept = shared ? new KeptAnswer(completion) : null;
    counters.computed(slot.usage());
    admission.release(slot);
    answers.answer(flight, completion, kept, this::publish);
    // Last: if sharing the answer fails, the request ends as a fault, which leaves the plan itself.
    slot.pending().plan().leave();
  }

  /** Ends a request that has no slot, or none any more. */
  void fail(PendingRequest pending, FailureReason reason, String message) {
    pending.plan().leave();
    answers.fail(pending.flight(), new Outcome.Failed(reason, message), this::publish);
  }

  /** Tells those whose deadline has passed; one that was cancelled keeps that as its end. */
  void late(List<Waiter> gone, long now) {
    if (gone.isEmpty()) {
      return;
    }
    gone.forEach(waiter -> counters.failed());
    publish();
    for (Waiter waiter : gone) {
      waiter
          .future()
          .complete(
              new Outcome.Failed(
                  FailureReason.DEADLINE,
                  "the deadline passed "
                      + (now - waiter.submittedNanos()) / 1_000_000
                      + " ms after submission, before the answer was complete; raise"
                      + " limits.deadline, or give the engine more slots or a smaller model"));
    }
  }

  /** What goes wrong with one document must not take the others along. */
  void fault(Slot slot, RuntimeException e) {
    admission.release(slot);
    fault(slot.pending(), e);
  }

  /** Ends a request that has no slot, or none any more. */
  void fault(PendingRequest pending, RuntimeException e) {
    DocumentFault.log(LOG, "document-fault", pending.id(), e);
    // The exception's own message may quote the answer, and with it the document.
    fail(
        pending,
        FailureReason.ENGINE_FAULT,
        "the engine failed on the document with "
            + e.getClass().getName()
            + ", and its log has more; if this happens to many documents, the weights may be"
            + " damaged: check model.file against its publisher's SHA-256 and pin that as"
            + " model.sha256");
  }

  /**
   * Ends a request whose schema has a label that can't be weighed.
   *
   * @param tokens of the label
   * @param most that can be weighed
   */
  void refuse(Slot slot, int tokens, int most) {
    admission.release(slot);
    fail(
        slot.pending(),
        FailureReason.REFUSED,
        "a label of the result schema takes "
            + tokens
            + " tokens of the model beyond what it shares with others, but at most "
            + most
            + " can be weighed; use a shorter label, or raise model.batch-tokens if that is less than "
            + Probes.CELLS);
  }

  private void publish() {
    counters.publish(admission.running().size(), admission.waiting().size());
  }
}
