package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.QuoteSource;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Who shares whose answer; time and the model are played by the test. */
class SharedAnswersTest {

  private static final Schema SCHEMA =
      Requests.schema(
          """
          {"type": "record", "name": "Shared", "fields": [{"name": "note", "type": "string"}]}
          """);

  private static final Analysis PLAIN = Requests.analysis("plain", SCHEMA, ReasoningPolicy.OFF);
  private static final TokenUsage USAGE = new TokenUsage(100, true, 50, 0, 20, 5);
  private static final Runnable NOTHING = () -> {};

  private final EngineCounters counters = new EngineCounters();
  private final SharedAnswers answers = new SharedAnswers(3, counters);

  @Test
  void identical_documents_in_flight_share_one_run_and_tell_its_tokens_once() {
    Waiter first = waiter(PLAIN, "text");
    Waiter second = waiter(PLAIN, "text");
    Flight flight = answers.board(first).orElseThrow();
    assertThat(answers.board(second)).isEmpty();

    answer(flight, "note");

    assertThat(completion(first).usage()).isEqualTo(USAGE);
    assertThat(completion(first).reused()).isFalse();
    assertThat(completion(second).usage()).isEqualTo(TokenUsage.NONE);
    assertThat(completion(second).reused()).isTrue();
    assertThat(completion(second).confidences()).isEqualTo(completion(first).confidences());
    counters.publish(0, 0);
    assertThat(counters.published().answered()).isEqualTo(2);
    assertThat(counters.published().reused()).isEqualTo(1);
  }

  @Test
  void nobody_can_change_the_answer_that_another_is_given() {
    Waiter first = waiter(PLAIN, "text");
    Waiter second = waiter(PLAIN, "text");
    Flight flight = answers.board(first).orElseThrow();
    answers.board(second);
    answer(flight, "note");
    Waiter third = waiter(PLAIN, "text");
    answers.board(third);

    completion(first).answer().put("note", "changed");
    completion(third).answer().put("note", "changed too");

    assertThat(completion(second).answer().get("note")).hasToString("note");
    Waiter fourth = waiter(PLAIN, "text");
    answers.board(fourth);
    assertThat(completion(fourth).answer().get("note"))
        .as("the same type as in an answer that was computed")
        .isEqualTo("note");
  }

  @Test
  void a_document_that_comes_again_is_answered_at_once() {
    Waiter first = waiter(PLAIN, "text");
    answer(answers.board(first).orElseThrow(), "note");

    Waiter again = waiter(PLAIN, "text");

    assertThat(answers.board(again)).isEmpty();
    assertThat(completion(again).answer().get("note")).hasToString("note");
    assertThat(completion(again).reused()).isTrue();
    assertThat(completion(again).usage()).isEqualTo(TokenUsage.NONE);
    assertThat(completion(again).timings().queued()).isZero();
  }

  @Test
  void other_questions_share_nothing() {
    answer(answers.board(waiter(PLAIN, "text")).orElseThrow(), "note");
    Analysis reworded =
        new Analysis("analysis", "plain", "Read it well.", PLAIN.contract(), PLAIN.reasoning());

    assertThat(answers.board(waiter(PLAIN, "text "))).isPresent();
    assertThat(answers.board(waiter(reworded, "text"))).isPresent();
    assertThat(answers.board(waiter(Requests.analysis("v2", SCHEMA, PLAIN.reasoning()), "text")))
        .isPresent();
  }

  @Test
  void halves_of_characters_are_told_apart() {
    answer(answers.board(waiter(PLAIN, "\ud800")).orElseThrow(), "note");

    assertThat(answers.board(waiter(PLAIN, "\ud801"))).isPresent();
    assertThat(answers.board(waiter(PLAIN, "?"))).isPresent();
    assertThat(answers.board(waiter(PLAIN, "\ud800"))).isEmpty();
  }

  @Test
  void the_least_recently_used_answer_is_forgotten() {
    for (String text : List.of("a", "b", "c", "d")) {
      answer(answers.board(waiter(PLAIN, text)).orElseThrow(), text);
    }

    assertThat(answers.board(waiter(PLAIN, "a"))).isPresent();
    assertThat(answers.board(waiter(PLAIN, "d"))).isEmpty();
  }

  @Test
  void a_size_of_zero_shares_nothing() {
    SharedAnswers off = new SharedAnswers(0, counters);
    Flight flight = off.board(waiter(PLAIN, "text")).orElseThrow();

    assertThat(off.board(waiter(PLAIN, "text"))).isPresent();
    assertThat(flight.key()).isNull();
  }

  @Test
  void answers_from_sampled_reasoning_are_shared_neither_in_flight_nor_later() {
    Analysis thinking = Requests.analysis("always", SCHEMA, new ReasoningPolicy.Always(10));
    Flight flight = answers.board(waiter(thinking, "text")).orElseThrow();

    assertThat(answers.board(waiter(thinking, "text"))).isPresent();
    assertThat(flight.key()).as("what has no key is never kept").isNull();
  }

  @Test
  void a_policy_that_may_think_shares_only_what_took_no_thinking_and_only_later() {
    Analysis unsure = Requests.analysis("unsure", SCHEMA, new ReasoningPolicy.WhenUnsure(0.5, 10));
    Flight thought = answers.board(waiter(unsure, "text")).orElseThrow();
    Flight plain = answers.board(waiter(unsure, "text")).orElseThrow();

    answers.answer(thought, completed("after thinking"), null, NOTHING);
    assertThat(answers.board(waiter(unsure, "text"))).isPresent();

    answer(plain, "at once");
    Waiter again = waiter(unsure, "text");
    assertThat(answers.board(again)).isEmpty();
    assertThat(completion(again).answer().get("note")).hasToString("at once");
  }

  @Test
  void kept_answers_held_the_analyses_that_they_answer() {
    List<WeakReference<Object>> references = answered("text");

    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(references).allMatch(reference -> reference.get() == null);
            });

    Waiter again = waiter(fresh(), "text");
    assertThat(answers.board(again)).isEmpty();
    assertThat(completion(again).answer().get("note")).hasToString("note");
  }

  /** What a document and its answer, both of them let go, were about. */
  private List<WeakReference<Object>> answered(String text) {
    Analysis analysis = fresh();
    Schema schema = analysis.contract().schema();
    Flight flight = answers.board(waiter(analysis, text)).orElseThrow();
    answers.board(waiter(analysis, text));
    Completion completion = completed("note", schema);
    answers.answer(flight, completion, new KeptAnswer(completion), NOTHING);
    return List.of(
        new WeakReference<>(analysis),
        new WeakReference<>(analysis.contract()),
        new WeakReference<>(schema));
  }

  /** One that is equal to all others made here, and nobody else's. */
  private static Analysis fresh() {
    return Requests.analysis("fresh", Requests.schema(SCHEMA.toString()), ReasoningPolicy.OFF);
  }

  @Test
  void the_memory_of_kept_answers_is_counted_with_the_labels_that_they_outlive() {
    String label = "x".repeat(10_000);
    Completion completion =
        new Completion(
            completed("note").answer(),
            List.of(new FieldConfidence("kind", label, 1, Map.of(label, 1.0))),
            null,
            USAGE,
            FinishReason.COMPLETE,
            completed("note").timings());

    assertThat(new KeptAnswer(completion).bytes()).isBetween(10_000L, 11_000L);
  }

  @Test
  void those_who_waited_for_an_answer_that_could_not_be_copied_waited_for_ever() {
    Waiter first = waiter(PLAIN, "text");
    Waiter second = waiter(PLAIN, "text");
    Waiter third = waiter(PLAIN, "text");
    Flight flight = answers.board(first).orElseThrow();
    answers.board(second);
    answers.board(third);
    Schema other = Requests.schema("{\"type\": \"record\", \"name\": \"O\", \"fields\": []}");
    KeptAnswer unreadable = new KeptAnswer(completed(new GenericData.Record(other)));

    assertThatThrownBy(() -> answers.answer(flight, completed("note"), unreadable, NOTHING))
        .isInstanceOf(RuntimeException.class);

    assertThat(completion(first).answer().get("note")).hasToString("note");
    for (Waiter waiter : List.of(second, third)) {
      assertThat(waiter.future())
          .isCompletedWithValueMatching(
              outcome ->
                  outcome instanceof Outcome.Failed failed
                      && failed.reason() == FailureReason.ENGINE_FAULT);
    }
    counters.publish(0, 0);
    assertThat(counters.published().answered()).isEqualTo(1);
    assertThat(counters.published().failed()).isEqualTo(2);
  }

  @Test
  void a_follower_whose_deadline_passes_leaves_alone() {
    Waiter patient = waiter(PLAIN, "text");
    Waiter hasty = waiter(PLAIN, "text", Lane.LIVE, Duration.ofSeconds(1));
    Flight flight = answers.board(patient).orElseThrow();
    answers.board(hasty);

    List<Waiter> gone = answers.dropGone(flight, System.nanoTime() + 2_000_000_000L);

    assertThat(gone).containsExactly(hasty);
    assertThat(flight.ended()).isFalse();
    answer(flight, "note");
    assertThat(completion(patient).reused()).isFalse();
    assertThat(hasty.future()).as("whoever dropped it tells it").isNotDone();
  }

  @Test
  void a_first_waiter_who_leaves_takes_nobody_along() {
    Waiter first = waiter(PLAIN, "text");
    Waiter second = waiter(PLAIN, "text");
    Waiter third = waiter(PLAIN, "text");
    Flight flight = answers.board(first).orElseThrow();
    answers.board(second);
    answers.board(third);

    first.future().cancel(true);
    assertThat(answers.dropGone(flight, System.nanoTime())).containsExactly(first);
    answer(flight, "note");

    assertThat(completion(second).usage())
        .as("the tokens were taken for those who stayed")
        .isEqualTo(USAGE);
    assertThat(completion(third).usage()).isEqualTo(TokenUsage.NONE);
    assertThat(completion(second).timings().total()).isLessThanOrEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void a_flight_that_everybody_left_ends_and_the_next_document_starts_its_own() {
    Waiter first = waiter(PLAIN, "text");
    Flight flight = answers.board(first).orElseThrow();
    first.future().cancel(true);
    answers.dropGone(flight, System.nanoTime());

    assertThat(flight.ended()).isTrue();
    assertThat(answers.board(waiter(PLAIN, "text"))).isPresent();
  }

  @Test
  void what_is_wrong_with_a_document_is_told_to_all_and_tried_again_for_the_next() {
    Waiter first = waiter(PLAIN, "text");
    Waiter second = waiter(PLAIN, "text");
    Flight flight = answers.board(first).orElseThrow();
    answers.board(second);
    Outcome.Failed tooLong = new Outcome.Failed(FailureReason.TOO_LONG, "too long");

    answers.fail(flight, tooLong, NOTHING);

    assertThat(first.future()).isCompletedWithValue(tooLong);
    assertThat(second.future()).isCompletedWithValue(tooLong);
    assertThat(answers.board(waiter(PLAIN, "text"))).isPresent();
  }

  @Test
  void a_request_that_comes_late_takes_no_part() {
    answer(answers.board(waiter(PLAIN, "text")).orElseThrow(), "note");

    assertThat(answers.board(waiter(PLAIN, "text", Lane.LIVE, Duration.ZERO))).isPresent();
  }

  @Test
  void a_live_follower_makes_a_backfill_flight_live_for_as_long_as_it_waits() {
    Waiter backfill = waiter(PLAIN, "text", Lane.BACKFILL, Duration.ofSeconds(9));
    Waiter earlier = waiter(PLAIN, "other", Lane.BACKFILL, Duration.ofSeconds(5));
    PendingRequest pending = pending(answers.board(backfill).orElseThrow());
    PendingRequest other = pending(answers.board(earlier).orElseThrow());
    Waiter live = waiter(PLAIN, "text", Lane.LIVE, Duration.ofSeconds(60));

    answers.board(live);

    assertThat(pending.flight().lane()).isEqualTo(Lane.LIVE);
    assertThat(pending.outdated()).isTrue();
    Queue<PendingRequest> queue = new PriorityQueue<>(PendingRequest.ORDER);
    queue.add(other);
    queue.add(pending.refreshed());
    assertThat(queue.element().flight()).isSameAs(pending.flight());
    live.future().cancel(true);
    answers.dropGone(pending.flight(), System.nanoTime());
    assertThat(pending.flight().lane()).isEqualTo(Lane.BACKFILL);
    assertThat(pending.refreshed().urgent()).isSameAs(backfill);
  }

  @Test
  void the_times_of_a_follower_begin_when_it_came() {
    Waiter first = waiter(PLAIN, "text");
    Flight flight = answers.board(first).orElseThrow();
    Waiter later =
        new Waiter(
            first.request(),
            first.submittedNanos() + 2_000_000_000L,
            first.deadlineNanos(),
            new CompletableFuture<>());
    answers.board(later);

    answer(flight, "note");

    assertThat(completion(first).timings().total()).isEqualTo(Duration.ofSeconds(3));
    assertThat(completion(later).timings().total()).isEqualTo(Duration.ofSeconds(1));
    assertThat(completion(later).timings().queued()).isZero();
  }

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

  private void answer(Flight flight, String note) {
    Completion completion = completed(note);
    answers.answer(flight, completion, new KeptAnswer(completion), NOTHING);
  }

  private static Completion completed(String note) {
    return completed(note, SCHEMA);
  }

  private static Completion completed(String note, Schema schema) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("note", note);
    return completed(record);
  }

  private static Completion completed(GenericRecord record) {
    return new Completion(
        record,
        List.of(new FieldConfidence("kind", "a", 0.75, Map.of("a", 0.75, "b", 0.25))),
        null,
        USAGE,
        FinishReason.COMPLETE,
        new Timings(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)));
  }

  private static Waiter waiter(Analysis analysis, String text) {
    return waiter(analysis, text, Lane.LIVE, Duration.ofMinutes(5));
  }

  private static Waiter waiter(Analysis analysis, String text, Lane lane, Duration patience) {
    long now = System.nanoTime();
    CompletionRequest request =
        new CompletionRequest("id", analysis, text, Instant.now().plus(patience), lane);
    return new Waiter(request, now, now + patience.toNanos(), new CompletableFuture<>());
  }

  /** A request without a plan: its place in the queue does not depend on it. */
  private static PendingRequest pending(Flight flight) {
    return new PendingRequest(
        flight, flight.mostUrgent(), null, new int[0], new QuoteSource(""), 0);
  }

  private static Completion completion(Waiter waiter) {
    assertThat(waiter.future()).isCompleted();
    return ((Outcome.Answered) waiter.future().join()).completion();
  }
}
