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
    int slots = 1;
    try (LoadedModel loaded = Requests.load(Requests.settings(TinyModel.narrow(), 1, 8_192));
        NativeModel model = new NativeModel(LlamaLibrary.load("shipped"), TinyModel.narrow());
        NativeContext context =
            new NativeContext(model, 4_096, 512, Scheduler.sequences(slots) + 1, 1)) {
      EngineCounters counters = new EngineCounters();
      Scheduler scheduler =
          new Scheduler(
              context,
              model.vocabulary(),
              new ReasoningSampler(new boolean[0]),
              0,
              slots,
              counters,
              new SharedAnswers(0, counters));
      int steps = 0;
      while (true) {
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        scheduler.enqueue(Requests.prepared(loaded, request(analysis, "d", "My parcel."), future));
        for (int i = 0; i <= steps; i++) {
          scheduler.step();
        }
        if (future.isDone()) {
          break;
        }
        steps++;
        int intruder = Scheduler.sequences(slots);
        takeAllCells(context, intruder);

        assertThatThrownBy(scheduler::step).isInstanceOf(NativeFaultException.class);
        scheduler.failAll(FailureReason.ENGINE_FAULT, "a fault");
        context.forget(intruder, 0);
        scheduler.forgetCells();

        assertThat(future)
            .isCompletedWithValue(new Outcome.Failed(FailureReason.ENGINE_FAULT, "a fault"));
        assertThat(context.usedCells()).isZero();
        assertThat(scheduler.idle()).isTrue();
      }
      assertThat(steps).isGreaterThanOrEqualTo(2);
    }
  }

  private static void takeAllCells(NativeContext context, int sequence) {
    int position = 0;
    for (int left; (left = context.cells() - context.usedCells()) > 0; ) {
      context.clearBatch();
      for (int i = 0; i < Math.min(left, context.capacity()); i++) {
        context.add(100, position++, sequence, false);
      }
      context.decode();
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
