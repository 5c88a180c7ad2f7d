package io.kaiseki.inference.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IsolationGateTest {

  private static final Instant LATER = Instant.now().plus(Duration.ofHours(1));
  private static final Outcome ENDED = new Outcome.Failed(FailureReason.REFUSED, "ended");

  private final IsolationGate gate = new IsolationGate();
  private final List<String> started = new ArrayList<>();

  @Test
  void requests_run_together_and_their_own_future_is_handed_out() {
    CompletableFuture<Outcome> first = new CompletableFuture<>();

    assertThat(gate.pass(false, LATER, () -> first)).isSameAs(first);
    pass("second", false);

    assertThat(started).containsExactly("second");
  }

  @Test
  void a_suspect_waits_for_those_that_run_and_holds_up_those_that_come() {
    Work first = pass("first", false);
    Work suspect = pass("suspect", true);
    Work second = pass("second", false);
    assertThat(started).containsExactly("first");

    first.end();
    assertThat(started).containsExactly("first", "suspect");
    assertThat(second.outcome).isNotDone();

    suspect.end();
    assertThat(suspect.outcome).isCompletedWithValue(ENDED);
    assertThat(started).containsExactly("first", "suspect", "second");
  }

  @Test
  void suspects_run_one_by_one_before_anything_else() {
    Work first = pass("suspect 1", true);
    Work held = pass("held 1", false);
    Work second = pass("suspect 2", true);
    pass("held 2", false);
    assertThat(started).containsExactly("suspect 1");

    first.end();
    assertThat(started).containsExactly("suspect 1", "suspect 2");
    second.end();

    assertThat(started).containsExactly("suspect 1", "suspect 2", "held 1", "held 2");
    held.end();
    assertThat(held.outcome).isCompletedWithValue(ENDED);
  }

  @Test
  void a_held_request_fails_at_its_deadline_and_is_never_started() throws Exception {
    Work suspect = pass("suspect", true);
    CompletableFuture<Outcome> late =
        gate.pass(
            false,
            Instant.now().plusMillis(50),
            () -> {
              started.add("late");
              return new CompletableFuture<>();
            });

    assertThat(late.get(1, TimeUnit.MINUTES))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(FailureReason.DEADLINE);
              assertThat(failed.message()).contains("limits.deadline");
            });
    suspect.end();
    pass("next", false);
    assertThat(started).containsExactly("suspect", "next");
  }

  @Test
  void a_request_that_has_all_the_time_there_is_was_not_held_but_thrown_back() {
    Work suspect = pass("suspect", true);
    CompletableFuture<Outcome> patient =
        gate.pass(false, Instant.MAX, () -> CompletableFuture.completedFuture(ENDED));
    assertThat(patient).isNotDone();

    suspect.end();

    assertThat(patient).isCompletedWithValue(ENDED);
  }

  @Test
  void what_was_held_is_let_go_once_it_has_ended_and_not_at_its_deadline() {
    Work suspect = pass("suspect", true);
    Object document = new Object();
    WeakReference<Object> reference = new WeakReference<>(document);
    CompletableFuture<Outcome> held = pass(document);
    suspect.end();
    assertThat(held).isCompletedWithValue(ENDED);
    document = null;

    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(reference.get()).isNull();
            });
  }

  /** Passes one that ends as soon as it starts. */
  private CompletableFuture<Outcome> pass(Object document) {
    return gate.pass(
        false,
        LATER,
        () -> {
          started.add(document.getClass().getName());
          return CompletableFuture.completedFuture(ENDED);
        });
  }

  @Test
  void a_suspect_that_is_cancelled_while_it_waits_holds_nobody_up() {
    Work first = pass("first", false);
    Work suspect = pass("suspect", true);
    suspect.outcome.cancel(false);
    pass("second", false);

    first.end();

    assertThat(started).containsExactly("first", "second");
  }

  @Test
  void cancelling_a_request_that_was_held_cancels_its_work() {
    Work suspect = pass("suspect", true);

    suspect.outcome.cancel(false);

    assertThat(suspect.work).isCancelled();
    pass("next", false);
    assertThat(started).containsExactly("suspect", "next");
  }

  @Test
  void a_request_that_can_not_start_holds_nobody_up() {
    assertThatThrownBy(
            () ->
                gate.pass(
                    false,
                    LATER,
                    () -> {
                      throw new IllegalStateException("the engine is closed");
                    }))
        .isInstanceOf(IllegalStateException.class);
    CompletableFuture<Outcome> suspect =
        gate.pass(
            true,
            LATER,
            () -> {
              throw new IllegalStateException("the engine is closed");
            });

    assertThat(suspect)
        .isCompletedWithValueMatching(
            outcome ->
                outcome instanceof Outcome.Failed failed
                    && failed.reason() == FailureReason.CANCELLED);
    pass("alone", true);
    assertThat(started).containsExactly("alone");
  }

  @Test
  void thousands_that_end_as_soon_as_they_start_do_not_pile_up_on_the_stack() {
    Work first = pass("first", true);
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < 20_000; i++) {
      gate.pass(i % 2 == 0, LATER, () -> CompletableFuture.completedFuture(ENDED))
          .thenRun(ended::incrementAndGet);
    }

    first.end();

    assertThat(ended).hasValue(20_000);
  }

  @Test
  void nothing_ever_runs_beside_a_suspect_whatever_the_threads_do() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger beside = new AtomicInteger();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    Random random = new Random(20_261_123);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int i = 0; i < 20_000; i++) {
        boolean alone = random.nextInt(10) == 0;
        outcomes.add(
            gate.pass(
                alone,
                LATER,
                () -> {
                  if (running.getAndIncrement() > 0 && alone) {
                    beside.incrementAndGet();
                  }
                  return CompletableFuture.supplyAsync(
                      () -> {
                        if (running.getAndDecrement() > 1 && alone) {
                          beside.incrementAndGet();
                        }
                        return ENDED;
                      },
                      threads);
                }));
      }
      for (CompletableFuture<Outcome> outcome : outcomes) {
        assertThat(outcome.get(1, TimeUnit.MINUTES)).isEqualTo(ENDED);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(beside).hasValue(0);
  }

  private Work pass(String name, boolean alone) {
    CompletableFuture<Outcome> work = new CompletableFuture<>();
    CompletableFuture<Outcome> outcome =
        gate.pass(
            alone,
            LATER,
            () -> {
              started.add(name);
              return work;
            });
    return new Work(work, outcome);
  }

  private record Work(CompletableFuture<Outcome> work, CompletableFuture<Outcome> outcome) {
    void end() {
      work.complete(ENDED);
    }
  }
}
