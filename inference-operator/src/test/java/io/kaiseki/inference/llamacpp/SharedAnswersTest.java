package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.SharedDocuments.NOTHING;
import static io.kaiseki.inference.llamacpp.SharedDocuments.PLAIN;
import static io.kaiseki.inference.llamacpp.SharedDocuments.SCHEMA;
import static io.kaiseki.inference.llamacpp.SharedDocuments.USAGE;
import static io.kaiseki.inference.llamacpp.SharedDocuments.completed;
import static io.kaiseki.inference.llamacpp.SharedDocuments.completion;
import static io.kaiseki.inference.llamacpp.SharedDocuments.pending;
import static io.kaiseki.inference.llamacpp.SharedDocuments.waiter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

/** Who shares whose answer; time and the model are played by the test. */
class SharedAnswersTest {

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
  void a_size_of_zero_shares_nothing() {
    SharedAnswers off = new SharedAnswers(0, counters);
    Flight flight = off.board(waiter(PLAIN, "text")).orElseThrow();

    assertThat(off.board(waiter(PLAIN, "text"))).isPresent();
    assertThat(flight.key()).isNull();
  }

  @Test
  void a_request_for_a_fresh_answer_takes_none_and_leaves_none() {
    Flight kept = answers.board(waiter(PLAIN, "kept")).orElseThrow();
    answer(kept, "note");
    answers.board(waiter(PLAIN, "running")).orElseThrow();

    assertThat(answers.board(fresh("kept"))).isPresent();
    assertThat(answers.board(fresh("running"))).isPresent();

    Flight alone = answers.board(fresh("new")).orElseThrow();
    assertThat(answers.board(waiter(PLAIN, "new"))).as("nobody joins it").isPresent();
    assertThat(alone.key()).as("what has no key is never kept").isNull();
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

  private static Waiter fresh(String text) {
    Waiter waiter = waiter(PLAIN, text);
    return new Waiter(
        waiter.request().asFresh(),
        waiter.submittedNanos(),
        waiter.deadlineNanos(),
        waiter.future());
  }

  private void answer(Flight flight, String note) {
    Completion completion = completed(note);
    answers.answer(flight, completion, new KeptAnswer(completion), NOTHING);
  }
}
