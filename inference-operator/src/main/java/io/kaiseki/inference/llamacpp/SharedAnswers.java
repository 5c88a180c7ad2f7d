package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.telemetry.DocumentFault;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an engine from answering the same question twice: identical documents in flight share one
 * run of the model, and recent answers are kept, by number and by memory.
 *
 * <p>Only greedy answers are shared, since they alone would come out the same again. Where a policy
 * always thinks, reasoning is sampled, and nothing is shared. Where it thinks when unsure, that
 * shows only in the end: such documents do not wait for each other, but an answer that took no
 * thinking is kept. A request for a fresh answer has one of its own, which is not kept.
 *
 * <p>Safe for use by several threads. Futures are completed with no lock held.
 */
final class SharedAnswers {

  private static final Logger LOG = LoggerFactory.getLogger(SharedAnswers.class);

  /** Memory of all kept answers: some ten thousand of usual size. */
  private static final long MOST_BYTES = 32L << 20;

  /** For who has left, and so won't hear of it, and where copying fails. */
  private static final Outcome NOT_COPIED =
      new Outcome.Failed(
          FailureReason.ENGINE_FAULT,
          "the engine failed to copy the answer to the same document, and its log has more");

  private final boolean sharing;
  private final EngineCounters counters;
  private final AnalysisDigests digests = new AnalysisDigests();
  private final Map<AnswerKey, Flight> inFlight = new ConcurrentHashMap<>();
  private final RecentlyUsed<AnswerKey, KeptAnswer> recent;

  /**
   * @param entries most answers that are kept; 0 shares nothing, identical documents in flight
   *     neither
   */
  SharedAnswers(int entries, EngineCounters counters) {
    this.counters = counters;
    sharing = entries > 0;
    recent = new RecentlyUsed<>(entries, MOST_BYTES, KeptAnswer::bytes, kept -> false);
  }

  /**
   * Answers a waiter at once, or lets it join a flight, or begins one for it.
   *
   * @return the flight that begins, for the caller to start or to fail; empty if the waiter needs
   *     none
   */
  Optional<Flight> board(Waiter waiter) {
    ReasoningPolicy reasoning = waiter.request().analysis().reasoning();
    if (!sharing
        || waiter.request().fresh()
        || reasoning instanceof ReasoningPolicy.Always
        || waiter.expired(waiter.submittedNanos())) {
      return Optional.of(new Flight(waiter, null));
    }
    AnswerKey key =
        AnswerKey.of(digests.of(waiter.request().analysis()), waiter.request().document());
    Flight own = new Flight(waiter, key);
    while (true) {
      KeptAnswer kept = recent.get(key);
      if (kept != null) {
        if (answeredAtOnce(waiter, kept)) {
          return Optional.empty();
        }
        recent.forget(key, kept);
      }
      if (!(reasoning instanceof ReasoningPolicy.Off)) {
        return Optional.of(own);
      }
      Flight running = inFlight.putIfAbsent(key, own);
      if (running == null) {
        return Optional.of(own);
      }
      if (running.join(waiter)) {
        return Optional.empty();
      }
      // It has ended, and whoever ended it may not have come to take it out yet.
      inFlight.remove(key, running);
    }
  }

  /** False if the answer can't be copied; the document is computed then like any other. */
  private boolean answeredAtOnce(Waiter waiter, KeptAnswer kept) {
    Duration total = Duration.ofNanos(System.nanoTime() - waiter.submittedNanos());
    Outcome outcome;
    try {
      outcome = reused(kept, waiter, new Timings(Duration.ZERO, total, total));
    } catch (RuntimeException e) {
      DocumentFault.log(LOG, "kept-answer-fault", waiter.request().id(), e);
      return false;
    }
    counters.reused();
    waiter.future().complete(outcome);
    return true;
  }

  /**
   * Ends a flight with an answer. The first of those who still wait has it as it was computed, so
   * that its tokens are told once; the others have it as reused.
   *
   * @param kept the answer in the form in which it is shared; null if it is not to be
   * @param publish called when all is counted and nobody is told yet
   * @throws RuntimeException if the answer can't be copied; all have been told by then, those who
   *     have no copy that the engine failed
   */
  void answer(Flight flight, Completion completion, @Nullable KeptAnswer kept, Runnable publish) {
    AnswerKey key = flight.key();
    if (kept != null && key != null) {
      // Before the flight ends: who comes too late for it finds the answer here.
      recent.keep(key, kept);
    }
    List<Waiter> waiters = end(flight);
    Outcome[] outcomes = new Outcome[waiters.size()];
    Arrays.fill(outcomes, NOT_COPIED);
    try {
      boolean computed = true;
      for (int i = 0; i < outcomes.length; i++) {
        Waiter waiter = waiters.get(i);
        if (!waiter.future().isDone()) {
          Timings timings = since(waiter, flight, completion.timings());
          outcomes[i] =
              computed || kept == null
                  ? new Outcome.Answered(completion.withTimings(timings))
                  : reused(kept, waiter, timings);
          computed = false;
        }
      }
    } finally {
      // Whatever happened: the flight has let go of them, and nobody else will tell them.
      tell(waiters, outcomes, publish);
    }
  }

  private void tell(List<Waiter> waiters, Outcome[] outcomes, Runnable publish) {
    for (Outcome outcome : outcomes) {
      if (!(outcome instanceof Outcome.Answered answered)) {
        counters.failed();
      } else if (answered.completion().reused()) {
        counters.reused();
      } else {
        counters.answered();
      }
    }
    publish.run();
    for (int i = 0; i < outcomes.length; i++) {
      waiters.get(i).future().complete(outcomes[i]);
    }
  }

  private static Outcome reused(KeptAnswer kept, Waiter waiter, Timings timings) {
    Schema schema = waiter.request().analysis().contract().schema();
    return new Outcome.Answered(kept.reused(schema, timings));
  }

  /** Ends a flight without an answer, for all who wait. */
  void fail(Flight flight, Outcome.Failed failed, Runnable publish) {
    List<Waiter> waiters = end(flight);
    waiters.forEach(waiter -> counters.failed());
    publish.run();
    waiters.forEach(waiter -> waiter.future().complete(failed));
  }

  /** Lets go of those who wait no longer, and forgets a flight that is left with nobody. */
  List<Waiter> dropGone(Flight flight, long now) {
    List<Waiter> gone = flight.dropGone(now);
    if (!gone.isEmpty() && flight.ended()) {
      end(flight);
    }
    return gone;
  }

  private List<Waiter> end(Flight flight) {
    List<Waiter> waiters = flight.end();
    AnswerKey key = flight.key();
    if (key != null) {
      inFlight.remove(key, flight);
    }
    return waiters;
  }

  /** Times as one waiter saw them: what was before it came took it no time. */
  private static Timings since(Waiter waiter, Flight flight, Timings timings) {
    long later = waiter.submittedNanos() - flight.first().submittedNanos();
    return later == 0 ? timings : timings.submittedEarlier(Duration.ofNanos(-later));
  }
}
