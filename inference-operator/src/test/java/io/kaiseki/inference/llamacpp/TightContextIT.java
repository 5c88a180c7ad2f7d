package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.AnswerAssertions.assertValid;
import static io.kaiseki.inference.llamacpp.Requests.answered;
import static io.kaiseki.inference.llamacpp.Requests.failed;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** More work than the context has cells for: it waits its turn, and none of it fails. */
class TightContextIT {

  private static final Schema NOTE =
      Requests.schema(
          """
          {"type": "record", "name": "Note", "fields": [
            {"name": "urgent", "type": "boolean"},
            {"name": "kind", "type": {"type": "enum", "name": "Kind",
              "symbols": ["billing", "billing_dispute", "delivery", "delivery_late", "other"]}},
            {"name": "words", "type": "string", "quote": true, "maxLength": 24},
            {"name": "note", "type": "string", "maxLength": 24}
          ]}
          """);

  /** Cells that no request gets. */
  private static final int PROBE_CELLS = 256;

  @Test
  void documents_of_all_lengths_share_a_context_that_holds_two_of_them() throws Exception {
    Analysis analysis = Requests.analysis("tight", NOTE, ReasoningPolicy.OFF);
    int longest = 360;
    int cells = prefixTokens(analysis) + 2 * (longest + 150) + PROBE_CELLS;
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(6, cells)).acquire()) {
      Documents documents = new Documents(7);
      List<String> texts = new ArrayList<>();
      List<CompletableFuture<Outcome>> futures = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        texts.add(cut(documents.next(i % 10 * 40), longest));
        futures.add(engine.submit(request(analysis, "d" + i, texts.get(i))));
      }
      for (int i = 0; i < futures.size(); i++) {
        assertValid(answered(futures.get(i)).answer(), texts.get(i));
      }
      assertThat(engine.statistics().prefixDecodes()).isEqualTo(1);
    }
  }

  @Test
  void twelve_analyses_take_turns_and_answer_as_in_an_engine_of_their_own() throws Exception {
    List<Analysis> analyses =
        IntStream.range(0, 12)
            .mapToObj(i -> Requests.analysis("turn " + i, NOTE, ReasoningPolicy.OFF))
            .toList();
    List<Completion> shared = new ArrayList<>();
    Path exact = TinyModel.exact();
    try (InferenceEngine engine =
        LlamaCppEngine.source(Requests.settings(exact, 3, 16_384)).acquire()) {
      List<CompletableFuture<Outcome>> futures = new ArrayList<>();
      for (int i = 0; i < 48; i++) {
        futures.add(engine.submit(request(analyses.get(i % 12), "d" + i, "Order " + i + " late")));
      }
      for (CompletableFuture<Outcome> future : futures) {
        shared.add(answered(future));
      }
      assertThat(engine.statistics().prefixDecodes()).isGreaterThan(12);
    }
    double equal = 0;
    try (InferenceEngine fresh =
        LlamaCppEngine.source(Requests.settings(exact, 1, 8_192)).acquire()) {
      for (int i = 0; i < 48; i++) {
        Completion alone =
            answered(fresh.submit(request(analyses.get(i % 12), "d" + i, "Order " + i + " late")));
        FieldConfidence first = alone.confidences().get(0);
        assertThat(shared.get(i).confidences().get(0).distribution().get(first.label()))
            .isCloseTo(first.probability(), within(0.002));
        equal += alone.answer().equals(shared.get(i).answer()) ? 1 : 0;
      }
    }
    // Sums in another order round differently, and a near tie may then fall the other way.
    assertThat(equal / 48).isGreaterThan(0.9);
  }

  @Test
  void prefixes_are_not_given_up_for_a_request_that_does_not_fit_even_then() throws Exception {
    Analysis small = Requests.analysis("small", NOTE, ReasoningPolicy.OFF);
    Analysis large = Requests.analysis("large", NOTE, new ReasoningPolicy.Always(1_200));
    int prefix = prefixTokens(small);
    int cells = 2 * prefix + 1_200 + 400 + PROBE_CELLS;
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(3, cells)).acquire()) {
      answered(engine.submit(request(small, "first", "A document.")));
      CompletableFuture<Outcome> runs = engine.submit(request(large, "runs", "Think."));
      CompletableFuture<Outcome> waits = engine.submit(request(large, "waits", "Think more."));
      answered(runs);
      answered(waits);
      EngineStatistics before = engine.statistics();
      answered(engine.submit(request(small, "second", "A document.")));

      assertThat(engine.statistics().prefixDecodes()).isEqualTo(before.prefixDecodes());
    }
  }

  @Test
  void a_backfill_is_not_given_up_for_a_live_request_that_would_not_fit_even_then()
      throws Exception {
    Analysis live = Requests.analysis("live", NOTE, new ReasoningPolicy.Always(1_500));
    Analysis backfill = Requests.analysis("backfill", NOTE, new ReasoningPolicy.Always(300));
    PendingRequest large = prepared(live, "Think.");
    PendingRequest small = prepared(backfill, "Think.");
    int cells =
        large.plan().prefix().length
            + large.cells()
            + small.plan().prefix().length
            + small.cells()
            + PROBE_CELLS
            + 32;
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(3, cells)).acquire()) {
      CompletableFuture<Outcome> first = engine.submit(request(live, "first", "Think."));
      await().until(() -> engine.statistics().slotsBusy() == 1);
      CompletableFuture<Outcome> beside =
          engine.submit(
              new CompletionRequest(
                  "beside", backfill, "Think.", Instant.now().plusSeconds(300), Lane.BACKFILL));
      await().until(() -> engine.statistics().slotsBusy() == 2);
      CompletableFuture<Outcome> second = engine.submit(request(live, "second", "Think."));
      answered(first);
      answered(beside);
      answered(second);

      assertThat(engine.statistics().prefixDecodes()).isEqualTo(2);
      assertThat(engine.statistics().prefixHits()).as("the second live one's").isEqualTo(1);
    }
  }

  @Test
  void reasoning_without_bounds_is_refused_and_does_not_pass_for_none() throws Exception {
    Analysis endless =
        Requests.analysis("endless", NOTE, new ReasoningPolicy.Always(Integer.MAX_VALUE));
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(2, 4_096)).acquire()) {
      Outcome.Failed refused = failed(engine.submit(request(endless, "d", "Think.")));

      assertThat(refused.reason()).isEqualTo(FailureReason.TOO_LONG);
      assertThat(refused.message()).contains("at most 0 tokens", "no document fits");
      assertThat(engine.meter(endless).orElseThrow().room()).isLessThan(1);
      assertThat(engine.meter(endless).orElseThrow().sharedRoom()).isLessThan(1);
    }
  }

  @Test
  void labels_that_part_late_need_no_more_cells_than_are_kept_for_them() throws Exception {
    String symbols =
        IntStream.range(0, 24)
            .mapToObj(i -> "\"%c%s_%d\"".formatted('a' + i / 2, "0123456789".repeat(3), i % 2))
            .collect(Collectors.joining(","));
    Analysis analysis = Requests.analysis("late", labels(symbols), ReasoningPolicy.OFF);
    PendingRequest one = prepared(analysis, "Order 10");
    int cells = one.plan().prefix().length + one.cells() + PROBE_CELLS;
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(4, cells)).acquire()) {
      List<CompletableFuture<Outcome>> futures = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        futures.add(engine.submit(request(analysis, "d" + i, "Order 1" + i)));
      }
      for (CompletableFuture<Outcome> future : futures) {
        FieldConfidence label = answered(future).confidences().get(0);
        assertThat(label.distribution().values().stream().mapToDouble(p -> p).sum())
            .isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void a_label_longer_than_a_batch_is_refused_and_does_not_spin_until_the_deadline()
      throws Exception {
    String digits = "0123456789".repeat(6);
    Analysis analysis =
        Requests.analysis(
            "long-label",
            labels("\"a\",\"b%s1\",\"b%s2\"".formatted(digits, digits)),
            ReasoningPolicy.OFF);
    LlamaCppSettings settings =
        new LlamaCppSettings(TinyModel.file().toString(), "", 2, 4_096, 32, 1, Requests.library());
    try (InferenceEngine engine = LlamaCppEngine.source(settings).acquire()) {
      List<CompletableFuture<Outcome>> futures = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        futures.add(engine.submit(request(analysis, "d" + i, "Document " + i)));
      }
      for (CompletableFuture<Outcome> future : futures) {
        // A document for which the branch is out of the question has no need to weigh it.
        if (Requests.outcome(future) instanceof Outcome.Failed) {
          assertThat(failed(future).reason()).isEqualTo(FailureReason.REFUSED);
          assertThat(failed(future).message()).contains("model.batch-tokens");
        }
      }
      assertThat(futures).anyMatch(future -> future.join() instanceof Outcome.Failed);
      assertThat(engine.statistics().slotsBusy()).isZero();
    }
  }

  private static Schema labels(String symbols) {
    return Requests.schema(
        """
        {"type": "record", "name": "Labels", "fields": [
          {"name": "label", "type": {"type": "enum", "name": "Label", "symbols": [%s]}}
        ]}
        """
            .formatted(symbols));
  }

  private static int prefixTokens(Analysis analysis) {
    return prepared(analysis, "").plan().prefix().length;
  }

  private static PendingRequest prepared(Analysis analysis, String document) {
    try (LoadedModel model = Requests.load(Requests.settings(1, 8_192))) {
      return Requests.prepared(model, request(analysis, "d", document), new CompletableFuture<>());
    }
  }

  private static String cut(String text, int characters) {
    return text.codePoints()
        .limit(characters)
        .filter(point -> point < 0x250)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
