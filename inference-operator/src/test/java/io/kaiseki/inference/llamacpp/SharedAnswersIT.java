package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.Requests.answered;
import static io.kaiseki.inference.llamacpp.Requests.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents that come more than once, on the genuine native library. */
class SharedAnswersIT {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Schema LABEL =
      Requests.schema(
          """
          {"type": "record", "name": "Label", "fields": [
            {"name": "kind", "type": {"type": "enum", "name": "Kind",
              "symbols": ["invoice", "contract", "letter"]}},
            {"name": "note", "type": "string", "maxLength": 20}
          ]}
          """);

  private final Analysis plain = Requests.analysis("plain", LABEL, ReasoningPolicy.OFF);
  private final Analysis endless =
      Requests.analysis("endless", LABEL, new ReasoningPolicy.Always(3_000));

  private LlamaCppEngine engine;

  @BeforeEach
  void start() {
    engine =
        LlamaCppEngine.start(
            new LlamaCppSettings(TinyModel.file().toString(), "", 1, 16_384, 512, 1, "", 100));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void identical_documents_from_many_threads_are_computed_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Completion> completions = new ArrayList<>();
    try {
      List<Future<Completion>> callers = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String id = "caller-" + i;
        callers.add(
            threads.submit(() -> answered(submit(plain, id, "A letter.", Lane.LIVE, PATIENCE))));
      }
      for (Future<Completion> caller : callers) {
        completions.add(caller.get());
      }
    } finally {
      threads.shutdownNow();
    }
    completions.add(answered(submit(plain, "later", "A letter.", Lane.LIVE, PATIENCE)));

    assertThat(completions)
        .extracting(Completion::answer)
        .allMatch(completions.get(0).answer()::equals);
    long tokens = completions.stream().mapToLong(each -> each.usage().document()).sum();
    assertThat(engine.statistics().documentTokens()).isPositive().isEqualTo(tokens);
    assertThat(completions.stream().filter(Completion::reused).count())
        .isEqualTo(engine.statistics().reused())
        .isBetween(5L, 6L);
    assertThat(engine.statistics().answered()).isEqualTo(7);
  }

  @Test
  void a_leader_that_is_cancelled_while_it_waits_leaves_the_run_to_its_followers()
      throws Exception {
    CompletableFuture<Outcome> blocker = occupy();
    CompletableFuture<Outcome> leader = submit(plain, "leader", "A.", Lane.BACKFILL, PATIENCE);
    CompletableFuture<Outcome> follower = submit(plain, "follower", "A.", Lane.BACKFILL, PATIENCE);

    leader.cancel(true);
    blocker.cancel(true);

    assertThat(answered(follower).reused()).isFalse();
    await().untilAsserted(() -> assertThat(engine.statistics().failed()).isEqualTo(2));
    assertThat(engine.statistics().answered()).isEqualTo(1);
  }

  @Test
  void a_follower_fails_at_its_own_deadline_and_the_leader_is_answered() throws Exception {
    CompletableFuture<Outcome> blocker = occupy();
    CompletableFuture<Outcome> leader = submit(plain, "leader", "A.", Lane.BACKFILL, PATIENCE);
    CompletableFuture<Outcome> follower =
        submit(plain, "follower", "A.", Lane.BACKFILL, Duration.ofMillis(200));

    assertThat(failed(follower).reason()).isEqualTo(FailureReason.DEADLINE);
    assertThat(leader).isNotDone();
    blocker.cancel(true);
    assertThat(answered(leader).reused()).isFalse();
  }

  @Test
  void a_leader_fails_at_its_own_deadline_and_the_follower_is_answered() throws Exception {
    CompletableFuture<Outcome> blocker = occupy();
    CompletableFuture<Outcome> leader =
        submit(plain, "leader", "A.", Lane.BACKFILL, Duration.ofMillis(200));
    CompletableFuture<Outcome> follower = submit(plain, "follower", "A.", Lane.BACKFILL, PATIENCE);

    assertThat(failed(leader).reason()).isEqualTo(FailureReason.DEADLINE);
    assertThat(follower).isNotDone();
    blocker.cancel(true);
    assertThat(answered(follower).usage().document()).isPositive();
  }

  @Test
  void a_live_follower_does_not_wait_in_the_backfill_of_its_leader() throws Exception {
    CompletableFuture<Outcome> blocker = occupy();
    CompletableFuture<Outcome> leader = submit(plain, "leader", "A.", Lane.BACKFILL, PATIENCE);

    CompletableFuture<Outcome> live = submit(plain, "live", "A.", Lane.LIVE, PATIENCE);

    assertThat(answered(live).reused()).as("one run for both").isTrue();
    assertThat(answered(leader).reused()).isFalse();
    assertThat(blocker).as("the live document did not wait for its end").isNotDone();
    blocker.cancel(true);
  }

  @Test
  void a_document_that_can_not_run_fails_and_leaves_nothing_behind() throws Exception {
    String tooLong = "word ".repeat(200_000);

    assertThat(failed(submit(plain, "long", tooLong, Lane.LIVE, PATIENCE)).reason())
        .isEqualTo(FailureReason.TOO_LONG);
    assertThat(failed(submit(plain, "again", tooLong, Lane.LIVE, PATIENCE)).reason())
        .isEqualTo(FailureReason.TOO_LONG);
    assertThat(engine.statistics().failed()).isEqualTo(2);
  }

  @Test
  void sampled_answers_are_computed_each_time() throws Exception {
    Analysis thinking = Requests.analysis("thinks", LABEL, new ReasoningPolicy.Always(10));
    CompletableFuture<Outcome> first = submit(thinking, "first", "A.", Lane.LIVE, PATIENCE);
    CompletableFuture<Outcome> second = submit(thinking, "second", "A.", Lane.LIVE, PATIENCE);

    assertThat(answered(first).reused()).isFalse();
    assertThat(answered(second).reused()).isFalse();
    assertThat(answered(submit(thinking, "third", "A.", Lane.LIVE, PATIENCE)).reused()).isFalse();
  }

  @Test
  void an_unsure_answer_that_took_thinking_is_not_kept_and_a_sure_one_is() throws Exception {
    Analysis unsure = Requests.analysis("unsure", LABEL, new ReasoningPolicy.WhenUnsure(1, 10));
    Analysis sure = Requests.analysis("sure", LABEL, new ReasoningPolicy.WhenUnsure(1e-9, 10));
    for (Analysis analysis : List.of(unsure, sure)) {
      answered(submit(analysis, "first", "A.", Lane.LIVE, PATIENCE));
    }

    assertThat(answered(submit(unsure, "again", "A.", Lane.LIVE, PATIENCE)).reused()).isFalse();
    assertThat(answered(submit(sure, "again", "A.", Lane.LIVE, PATIENCE)).reused()).isTrue();
  }

  @Test
  void an_engine_that_has_seen_many_analyses_still_answers_the_first() throws Exception {
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Analysis one = Requests.analysis("many-" + i, LABEL, ReasoningPolicy.OFF);
      outcomes.add(submit(one, "d" + i, "A.", Lane.LIVE, PATIENCE));
    }
    for (CompletableFuture<Outcome> outcome : outcomes) {
      answered(outcome);
    }

    Analysis first = Requests.analysis("many-0", LABEL, ReasoningPolicy.OFF);
    assertThat(answered(submit(first, "first", "Another.", Lane.LIVE, PATIENCE)).reused())
        .isFalse();
  }

  /**
   * Takes the only slot that backfill has, so that who comes then in that lane waits. Not before it
   * runs: whoever has less time would be admitted first.
   */
  private CompletableFuture<Outcome> occupy() {
    CompletableFuture<Outcome> blocker = submit(endless, "blocker", "B.", Lane.BACKFILL, PATIENCE);
    await().until(() -> engine.statistics().slotsBusy() == 1);
    return blocker;
  }

  private CompletableFuture<Outcome> submit(
      Analysis analysis, String id, String document, Lane lane, Duration patience) {
    return engine.submit(
        new CompletionRequest(id, analysis, document, Instant.now().plus(patience), lane));
  }
}
