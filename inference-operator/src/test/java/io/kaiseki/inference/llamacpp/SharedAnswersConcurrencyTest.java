package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.SharedDocuments.NOTHING;
import static io.kaiseki.inference.llamacpp.SharedDocuments.PLAIN;
import static io.kaiseki.inference.llamacpp.SharedDocuments.USAGE;
import static io.kaiseki.inference.llamacpp.SharedDocuments.completed;
import static io.kaiseki.inference.llamacpp.SharedDocuments.waiter;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Requests that come, leave and are answered on many threads at once. */
class SharedAnswersConcurrencyTest {

  private final EngineCounters counters = new EngineCounters();

  @Test
  void whatever_threads_do_every_request_ends_once_and_is_counted_once() throws Exception {
    SharedAnswers shared = new SharedAnswers(16, counters);
    Queue<Flight> begun = new ConcurrentLinkedQueue<>();
    AtomicBoolean submitting = new AtomicBoolean(true);
    AtomicLong computed = new AtomicLong();
    AtomicLong submitted = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(7);
    try {
      Future<?> engine = threads.submit(() -> play(shared, begun, submitting, computed));
      List<Future<List<Waiter>>> loops = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        SplittableRandom random = new SplittableRandom(i);
        loops.add(threads.submit(() -> submit(shared, begun, random, submitted)));
      }
      List<Waiter> all = new ArrayList<>();
      for (Future<List<Waiter>> loop : loops) {
        all.addAll(loop.get(60, TimeUnit.SECONDS));
      }
      submitting.set(false);
      engine.get(60, TimeUnit.SECONDS);
      long tokens = 0;
      for (Waiter waiter : all) {
        assertThat(waiter.future()).isDone();
        if (!waiter.future().isCancelled()
            && waiter.future().join() instanceof Outcome.Answered answered) {
          Completion completion = answered.completion();
          assertThat(completion.answer().get("note")).hasToString(waiter.request().document());
          assertThat(completion.usage().document() > 0).isNotEqualTo(completion.reused());
          tokens += completion.usage().document();
        }
      }
      counters.publish(0, 0);
      assertThat(counters.published().answered() + counters.published().failed())
          .isEqualTo(submitted.get());
      assertThat(counters.published().reused()).isPositive();
      assertThat(tokens).isPositive().isLessThanOrEqualTo(computed.get() * USAGE.document());
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Waiter> submit(
      SharedAnswers shared, Queue<Flight> begun, SplittableRandom random, AtomicLong submitted) {
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Waiter waiter = waiter(PLAIN, "document " + random.nextInt(40));
      waiters.add(waiter);
      submitted.incrementAndGet();
      shared.board(waiter).ifPresent(begun::add);
      if (random.nextInt(5) == 0) {
        waiters.get(random.nextInt(waiters.size())).future().cancel(true);
      }
    }
    return waiters;
  }

  private void play(
      SharedAnswers shared, Queue<Flight> begun, AtomicBoolean submitting, AtomicLong computed) {
    SplittableRandom random = new SplittableRandom(99);
    while (true) {
      boolean more = submitting.get();
      Flight flight = begun.poll();
      if (flight == null) {
        if (!more) {
          return;
        }
        Thread.onSpinWait();
        continue;
      }
      shared
          .dropGone(flight, System.nanoTime())
          .forEach(
              gone -> {
                counters.failed();
                gone.future().complete(new Outcome.Failed(FailureReason.DEADLINE, "late"));
              });
      if (flight.ended()) {
        continue;
      }
      if (random.nextInt(10) == 0) {
        shared.fail(flight, new Outcome.Failed(FailureReason.ENGINE_FAULT, "fault"), NOTHING);
      } else {
        computed.incrementAndGet();
        Completion completion = completed(flight.first().request().document());
        shared.answer(flight, completion, new KeptAnswer(completion), NOTHING);
      }
    }
  }
}
