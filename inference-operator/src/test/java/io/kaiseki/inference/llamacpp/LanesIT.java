package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets a slot, and what is done with it: lanes, and thinking only when unsure. */
class LanesIT {

  private static final Schema SCHEMA =
      SchemaBuilder.record("Label")
          .namespace("test")
          .fields()
          .name("kind")
          .type()
          .enumeration("Kind")
          .symbols("invoice", "contract", "letter", "other")
          .noDefault()
          .requiredBoolean("urgent")
          .endRecord();

  private InferenceEngine engine;

  @BeforeEach
  void acquire() {
    engine =
        LlamaCppEngine.source(
                new LlamaCppSettings(
                    TinyModel.file().toString(), "", 2, 16_384, 512, 1, Requests.library()))
            .acquire();
  }

  @AfterEach
  void release() {
    engine.close();
  }

  @Test
  void a_live_request_runs_beside_full_backfill_slots_and_none_of_them_begins_again()
      throws Exception {
    long begunBefore = begun();
    Analysis thinking = analysis("lanes", new ReasoningPolicy.Always(600));
    List<CompletableFuture<Outcome>> backfill = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      backfill.add(submit(thinking, "backfill-" + i, Lane.BACKFILL));
    }
    Awaitility.await().until(() -> engine.statistics().slotsBusy() == 2);

    CompletableFuture<Outcome> live =
        submit(analysis("lanes-live", new ReasoningPolicy.Always(2_000)), "live", Lane.LIVE);

    Awaitility.await().until(() -> engine.statistics().slotsBusy() == 3);
    completion(live);
    for (CompletableFuture<Outcome> each : backfill) {
      completion(each);
    }
    assertThat(begun() - begunBefore).isEqualTo(7);
  }

  @Test
  void where_live_requests_need_all_sequences_the_backfill_slots_are_given_up() throws Exception {
    Analysis thinking = analysis("full", new ReasoningPolicy.Always(2_000));
    List<CompletableFuture<Outcome>> backfill = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      backfill.add(submit(thinking, "backfill-" + i, Lane.BACKFILL));
    }
    Awaitility.await().until(() -> engine.statistics().slotsBusy() == 2);
    Analysis live = analysis("full-live", new ReasoningPolicy.Always(100));
    List<CompletableFuture<Outcome>> urgent = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      urgent.add(submit(live, "live-" + i, Lane.LIVE));
    }

    for (CompletableFuture<Outcome> each : urgent) {
      completion(each);
    }

    assertThat(backfill).as("both had to begin again").noneMatch(CompletableFuture::isDone);
    for (CompletableFuture<Outcome> each : backfill) {
      completion(each);
    }
  }

  @Test
  void a_long_document_lets_one_that_is_due_before_it_be_read_first() throws Exception {
    Analysis analysis = analysis("order", ReasoningPolicy.OFF);
    String text = "We refer to your letter of the third of May. ".repeat(200);
    CompletableFuture<Outcome> whole =
        submit(analysis, "long", text, Duration.ofMinutes(10), Lane.LIVE);
    Awaitility.await().until(() -> engine.statistics().slotsBusy() == 1);

    CompletableFuture<Boolean> longWasDone =
        submit(analysis, "short", "See you on Friday.", Duration.ofMinutes(2), Lane.LIVE)
            .thenApply(outcome -> whole.isDone());

    assertThat(longWasDone.get(120, TimeUnit.SECONDS)).isFalse();
    completion(whole);
  }

  @Test
  void a_sure_answer_is_given_without_thinking() throws Exception {
    Completion completion =
        completion(
            submit(analysis("sure", new ReasoningPolicy.WhenUnsure(1e-9, 20)), "sure", Lane.LIVE));

    assertThat(completion.reasoning()).isNull();
    assertThat(completion.usage().reasoning()).isZero();
  }

  @Test
  void an_unsure_answer_is_given_up_and_given_again_after_thinking() throws Exception {
    Completion completion =
        completion(
            submit(analysis("unsure", new ReasoningPolicy.WhenUnsure(1, 20)), "a", Lane.LIVE));
    Completion thought =
        completion(submit(analysis("always", new ReasoningPolicy.Always(20)), "a", Lane.LIVE));

    assertThat(completion.usage().reasoning()).isPositive();
    assertThat(completion.reasoning())
        .as("the rolled-back slot stands where a slot stands that thinks at once")
        .isEqualTo(thought.reasoning());
    assertThat(completion.answer()).isEqualTo(thought.answer());
    assertThat(completion.usage().answer())
        .as("both answers are paid for")
        .isEqualTo(2 * thought.usage().answer());
  }

  /** How often a request began: the first of an analysis brings its prefix, all others find it. */
  private long begun() {
    EngineStatistics statistics = engine.statistics();
    return statistics.prefixHits() + statistics.prefixDecodes();
  }

  private CompletableFuture<Outcome> submit(Analysis analysis, String id, Lane lane) {
    String text = "Dear all, please find the invoice attached.";
    return submit(analysis, id, text, Duration.ofMinutes(2), lane);
  }

  private CompletableFuture<Outcome> submit(
      Analysis analysis, String id, String text, Duration deadline, Lane lane) {
    return engine.submit(
        new CompletionRequest(id, analysis, text, Instant.now().plus(deadline), lane));
  }

  private static Analysis analysis(String version, ReasoningPolicy reasoning) {
    return new Analysis("label", version, "Label the letter.", Contract.of(SCHEMA), reasoning);
  }

  private static Completion completion(CompletableFuture<Outcome> future) throws Exception {
    Outcome outcome = future.get(120, TimeUnit.SECONDS);
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    return ((Outcome.Answered) outcome).completion();
  }
}
