package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.Requests.failed;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Faults, refusals and cancellations: each has its outcome, and the books balance. */
class EngineFaultIT {

  private static final Schema CLOSED =
      Requests.schema(
          """
          {"type": "record", "name": "Closed", "fields": [{"name": "open", "type": "boolean"}]}
          """);

  private static final Schema TEXT =
      Requests.schema(
          """
          {"type": "record", "name": "Text", "fields": [
            {"name": "note", "type": "string", "maxLength": 24}]}
          """);

  private static final Schema PARTING_LATE =
      Requests.schema(
          """
          {"type": "record", "name": "Late", "fields": [{"name": "label", "type":
            {"type": "enum", "name": "Label", "symbols": [
              "a0123456789_1", "a0123456789_2", "b0123456789_1", "b0123456789_2"]}}]}
          """);

  private static final Outcome.Failed FAULT =
      new Outcome.Failed(FailureReason.ENGINE_FAULT, "a fault");

  @Test
  void damaged_weights_fail_each_document_and_the_engine_goes_on() throws Exception {
    List<Analysis> analyses =
        List.of(
            TicketTriage.analysis(ReasoningPolicy.OFF),
            Requests.analysis("closed", CLOSED, ReasoningPolicy.OFF),
            Requests.analysis("text", TEXT, ReasoningPolicy.OFF),
            Requests.analysis("thoughts", TEXT, new ReasoningPolicy.Always(8)));
    try (InferenceEngine engine =
        LlamaCppEngine.source(Requests.settings(TinyModel.withDamagedWeights(), 3, 8_192))
            .acquire()) {
      for (Analysis analysis : analyses) {
        List<CompletableFuture<Outcome>> futures = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          futures.add(engine.submit(request(analysis, "d" + i, "My parcel is late.")));
        }
        for (CompletableFuture<Outcome> future : futures) {
          assertThat(failed(future).reason()).isEqualTo(FailureReason.ENGINE_FAULT);
          assertThat(failed(future).message()).contains("model.file", "model.sha256");
        }
      }
      assertThat(engine.statistics().failed()).isEqualTo(24);
      assertThat(engine.statistics().slotsBusy()).isZero();
    }
  }

  @Test
  void a_fault_at_any_step_leaves_no_cells_behind_not_even_those_of_weighed_labels() {
    Analysis analysis = Requests.analysis("late", PARTING_LATE, ReasoningPolicy.OFF);
    try (BareScheduler bare = new BareScheduler(1)) {
      int steps = 0;
      while (true) {
        CompletableFuture<Outcome> future = bare.enqueue(analysis, "d", Lane.LIVE);
        for (int i = 0; i <= steps; i++) {
          bare.step();
        }
        if (future.isDone()) {
          break;
        }
        steps++;

        failingStep(bare);

        assertThat(future).isCompletedWithValue(FAULT);
        assertThat(bare.context().usedCells()).isZero();
        assertThat(bare.scheduler().idle()).isTrue();
      }
      assertThat(steps).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void a_fault_is_none_of_the_documents_that_wait() {
    Analysis analysis = Requests.analysis("text", TEXT, ReasoningPolicy.OFF);
    try (BareScheduler bare = new BareScheduler(1)) {
      CompletableFuture<Outcome> runs = bare.enqueue(analysis, "runs", Lane.BACKFILL);
      CompletableFuture<Outcome> waits = bare.enqueue(analysis, "waits", Lane.BACKFILL);
      bare.step();

      failingStep(bare);

      assertThat(runs).isCompletedWithValue(FAULT);
      assertThat(waits).isNotDone();
      bare.finish();
      assertThat(waits.join()).isInstanceOf(Outcome.Answered.class);
      assertThat(bare.statistics().failed()).isEqualTo(1);
    }
  }

  @Test
  void a_document_that_had_no_part_in_the_step_begins_again_after_a_fault() {
    Analysis analysis = Requests.analysis("text", TEXT, ReasoningPolicy.OFF);
    try (BareScheduler bare = new BareScheduler(1)) {
      CompletableFuture<Outcome> backfill = bare.enqueue(analysis, "backfill", Lane.BACKFILL);
      bare.step();
      CompletableFuture<Outcome> live = bare.enqueue(analysis, "live", Lane.LIVE);

      failingStep(bare);

      assertThat(live).isCompletedWithValue(FAULT);
      assertThat(backfill).isNotDone();
      bare.finish();
      assertThat(backfill.join()).isInstanceOf(Outcome.Answered.class);
    }
  }

  @Test
  void a_fault_over_shared_instructions_costs_the_document_that_brought_them() {
    Analysis analysis = Requests.analysis("text", TEXT, ReasoningPolicy.OFF);
    try (BareScheduler bare = new BareScheduler(2)) {
      CompletableFuture<Outcome> first = bare.enqueue(analysis, "first", Lane.BACKFILL);
      CompletableFuture<Outcome> second = bare.enqueue(analysis, "second", Lane.BACKFILL);

      failingStep(bare);

      assertThat(first).isCompletedWithValue(FAULT);
      assertThat(second).isNotDone();
      bare.finish();
      assertThat(second.join()).isInstanceOf(Outcome.Answered.class);
      assertThat(bare.statistics().prefixDecodes()).as("the first were never read").isEqualTo(1);
    }
  }

  private static void failingStep(BareScheduler bare) {
    bare.takeAllCells();
    assertThatThrownBy(bare::step).isInstanceOf(NativeFaultException.class);
    bare.scheduler().fault(FAULT.message());
  }

  @Test
  void a_document_that_can_be_given_no_slot_takes_none_away_from_the_others() {
    Analysis analysis = Requests.analysis("text", TEXT, ReasoningPolicy.OFF);
    try (BareScheduler bare = new BareScheduler(1)) {
      for (int i = 0; i < 5; i++) {
        CompletableFuture<Outcome> broken = new CompletableFuture<>();
        PendingRequest sound = bare.prepared(analysis, "broken", Lane.LIVE, broken);
        bare.scheduler()
            .enqueue(
                new PendingRequest(
                    sound.flight(), sound.urgent(), sound.plan(), null, sound.quotes(), 1));
        CompletableFuture<Outcome> after = bare.enqueue(analysis, "after", Lane.LIVE);

        bare.finish();

        assertThat(((Outcome.Failed) broken.join()).message()).contains("NullPointerException");
        assertThat(after.join()).isInstanceOf(Outcome.Answered.class);
      }
    }
  }

  @Test
  void what_one_document_sets_off_in_a_step_ends_no_engine() throws Exception {
    Analysis analysis = Requests.analysis("text", TEXT, ReasoningPolicy.OFF);
    LlamaCppEngine engine = LlamaCppEngine.start(Requests.settings(TinyModel.narrow(), 2, 6_064));
    try (LoadedModel loaded = Requests.load(Requests.settings(TinyModel.narrow(), 1, 8_192))) {
      CompletableFuture<Outcome> breaking = new BreakingFuture();
      engine.hand(Requests.prepared(loaded, request(analysis, "b", "My parcel."), breaking));

      assertThat(failed(breaking).reason()).isEqualTo(FailureReason.ENGINE_FAULT);
      assertThat(failed(breaking).message())
          .contains("UnsupportedOperationException", "log")
          .doesNotContain("My parcel.");
      Requests.answered(engine.submit(request(analysis, "after", "My parcel.")));
      assertThat(engine.ended()).isFalse();
    } finally {
      engine.close();
    }
  }

  /** Breaks whatever looks whether it is done. */
  private static final class BreakingFuture extends CompletableFuture<Outcome> {
    @Override
    public boolean isDone() {
      throw new UnsupportedOperationException("of the document: My parcel.");
    }
  }

  @Test
  void analyses_that_share_a_name_and_a_version_are_not_mixed_up() throws Exception {
    Analysis triage = TicketTriage.analysis(ReasoningPolicy.OFF);
    Analysis other =
        new Analysis(
            triage.name(),
            triage.version(),
            triage.instructions(),
            Contract.of(CLOSED),
            triage.reasoning());
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(2, 8_192)).acquire()) {
      Requests.answered(engine.submit(request(triage, "a", "My parcel.")));

      assertThat(Requests.answered(engine.submit(request(other, "b", "My parcel."))).answer())
          .extracting(answer -> answer.getSchema().getName())
          .isEqualTo("Closed");
    }
  }

  @Test
  void who_learns_of_an_outcome_finds_it_counted_and_its_slot_free() throws Exception {
    Analysis analysis = TicketTriage.analysis(ReasoningPolicy.OFF);
    try (InferenceEngine engine =
        LlamaCppEngine.source(Requests.settings(TinyModel.narrow(), 2, 6_000)).acquire()) {
      for (int i = 0; i < 10; i++) {
        EngineStatistics at =
            engine
                .submit(request(analysis, "d" + i, "My parcel."))
                .thenApply(outcome -> engine.statistics())
                .get();
        assertThat(at.answered()).isEqualTo(i + 1);
        assertThat(at.slotsBusy()).isZero();
      }
      engine.submit(request(analysis, "long", "word ".repeat(1_000_000))).get();
      assertThat(engine.statistics().failed()).as("a refusal is a failure").isEqualTo(1);
    }
  }

  @Test
  void deadlines_at_the_ends_of_time_are_deadlines() throws Exception {
    Analysis analysis = TicketTriage.analysis(ReasoningPolicy.OFF);
    try (InferenceEngine engine =
        LlamaCppEngine.source(Requests.settings(TinyModel.narrow(), 2, 6_032)).acquire()) {
      CompletableFuture<Outcome> never =
          engine.submit(
              new CompletionRequest("never", analysis, "My parcel.", Instant.MAX, Lane.LIVE));
      CompletableFuture<Outcome> past =
          engine.submit(
              new CompletionRequest("past", analysis, "My parcel.", Instant.MIN, Lane.LIVE));

      Requests.answered(never);
      assertThat(failed(past).reason()).isEqualTo(FailureReason.DEADLINE);
    }
  }
}
