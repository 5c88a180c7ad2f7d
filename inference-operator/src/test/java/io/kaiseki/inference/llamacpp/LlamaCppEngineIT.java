package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.Requests.answered;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine on the genuine native library and the tiny made-up model. */
class LlamaCppEngineIT {

  private static final Schema TRIAGE =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Triage", "namespace": "test", "fields": [
                {"name": "category", "doc": "What it is about.", "type": {"type": "enum",
                  "name": "Category", "symbols": ["billing", "billing_dispute", "delivery",
                    "delivery_late", "account", "other"]}},
                {"name": "urgent", "type": "boolean"},
                {"name": "summary", "type": "string", "maxLength": 80},
                {"name": "quote", "type": "string", "quote": true, "maxLength": 60},
                {"name": "orders", "type": {"type": "array", "items": "string"}, "maxItems": 3,
                  "maxLength": 12},
                {"name": "amount", "type": ["null", "double"], "minimum": 0, "maximum": 10000}
              ]}
              """);

  private final List<InferenceEngine> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(InferenceEngine::close);
  }

  @Test
  void every_answer_is_valid() throws Exception {
    InferenceEngine engine = engine(settings(4));
    Analysis analysis = analysis("valid", ReasoningPolicy.OFF);
    for (CompletableFuture<Outcome> future : submitAll(engine, analysis, 40)) {
      Completion completion = answered(future);
      assertThat(GenericData.get().validate(TRIAGE, completion.answer())).isTrue();
      assertThat(completion.confidences()).hasSize(2);
      assertThat(completion.reasoning()).isNull();
      assertThat(completion.usage().forced()).isPositive().isLessThan(completion.usage().answer());
    }
  }

  @Test
  void a_contract_that_leaves_nothing_to_choose_is_answered_all_the_same() throws Exception {
    Schema settled =
        Requests.schema(
            """
            {"type": "record", "name": "Settled", "fields": [
              {"name": "version", "type": "int", "minimum": 3, "maximum": 3},
              {"name": "words", "type": "string", "quote": true}
            ]}
            """);
    InferenceEngine engine = engine(settings(2));
    Analysis analysis = Requests.analysis("settled", settled, ReasoningPolicy.OFF);
    for (int i = 0; i < 3; i++) {
      // Nothing in it can be quoted. The first document finds the instructions unread, others not.
      Completion completion = answered(engine.submit(request(analysis, "d" + i, " ")));
      assertThat(completion.answer()).hasToString("{\"version\": 3, \"words\": \"\"}");
    }
  }

  @Test
  void a_batch_with_one_prefix_decodes_that_prefix_once() throws Exception {
    InferenceEngine engine = engine(settings(3));
    Analysis analysis = analysis("prefix-once", ReasoningPolicy.OFF);
    EngineStatistics before = engine.statistics();
    for (CompletableFuture<Outcome> future : submitAll(engine, analysis, 20)) {
      answered(future);
    }
    EngineStatistics after = engine.statistics();
    assertThat(after.prefixDecodes() - before.prefixDecodes()).isEqualTo(1);
    assertThat(after.prefixHits() - before.prefixHits()).isEqualTo(19);
  }

  @Test
  void labels_in_a_batch_are_those_of_the_documents_alone() throws Exception {
    InferenceEngine engine = engine(settings(6));
    Analysis analysis = analysis("alone", ReasoningPolicy.OFF);
    List<Completion> together = new ArrayList<>();
    for (CompletableFuture<Outcome> future : submitAll(engine, analysis, 200)) {
      together.add(answered(future));
    }
    int labels = 0;
    int equal = 0;
    for (int i = 0; i < together.size(); i++) {
      Completion alone = answered(engine.submit(request(analysis, "d" + i, document(i))));
      for (int label = 0; label < alone.confidences().size(); label++) {
        labels++;
        if (alone
            .confidences()
            .get(label)
            .label()
            .equals(together.get(i).confidences().get(label).label())) {
          equal++;
        }
      }
    }
    assertThat((double) equal / labels).isGreaterThanOrEqualTo(0.995);
  }

  @Test
  void reasoning_stops_at_its_budget_and_is_kept_apart() throws Exception {
    InferenceEngine engine = engine(settings(2));
    Analysis analysis = analysis("thinking", new ReasoningPolicy.Always(24));
    int endless = 0;
    for (CompletableFuture<Outcome> future : submitAll(engine, analysis, 6)) {
      Completion completion = answered(future);
      endless += completion.finishReason() == FinishReason.REASONING_BUDGET ? 1 : 0;
      assertThat(completion.usage().reasoning()).isBetween(0, 24);
      assertThat(completion.finishReason() == FinishReason.REASONING_BUDGET)
          .isEqualTo(completion.usage().reasoning() == 24);
      assertThat(GenericData.get().validate(TRIAGE, completion.answer())).isTrue();
    }
    assertThat(endless).as("thought without an end").isPositive();
  }

  @Test
  void a_request_past_its_deadline_fails_and_the_next_is_answered() throws Exception {
    InferenceEngine engine = engine(settings(1));
    Analysis analysis = analysis("deadline", new ReasoningPolicy.Always(2000));
    CompletableFuture<Outcome> late =
        engine.submit(
            new CompletionRequest(
                "late", analysis, "A document.", Instant.now().plusMillis(50), Lane.LIVE));
    Outcome outcome = late.get(30, TimeUnit.SECONDS);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(FailureReason.DEADLINE));
    answered(
        engine.submit(
            request(analysis("deadline-next", ReasoningPolicy.OFF), "next", "Another one.")));
  }

  @Test
  void what_follows_a_cancelled_request_is_answered() throws Exception {
    InferenceEngine engine = engine(settings(1));
    Analysis endless = analysis("cancelled", new ReasoningPolicy.Always(4000));
    CompletableFuture<Outcome> cancelled = engine.submit(request(endless, "c", "A document."));
    CompletableFuture<Outcome> next =
        engine.submit(request(analysis("next", ReasoningPolicy.OFF), "n", "Another one."));
    cancelled.cancel(true);
    answered(next);
  }

  @Test
  void a_document_that_can_never_fit_is_refused_with_the_arithmetic() throws Exception {
    InferenceEngine engine = engine(settings(2));
    Outcome outcome =
        engine
            .submit(request(analysis("long", ReasoningPolicy.OFF), "long", "word ".repeat(200_000)))
            .get(30, TimeUnit.SECONDS);
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(FailureReason.TOO_LONG);
              assertThat(failed.message()).contains("model.context-tokens");
            });
  }

  @Test
  void equal_settings_share_one_engine() {
    InferenceEngine first = engine(settings(2));
    InferenceEngine second = engine(settings(2));
    assertThat(first.description()).isSameAs(second.description());
  }

  private InferenceEngine engine(LlamaCppSettings settings) {
    InferenceEngine engine = LlamaCppEngine.source(settings).acquire();
    open.add(engine);
    return engine;
  }

  private static LlamaCppSettings settings(int slots) {
    return Requests.settings(slots, 16_384);
  }

  private static Analysis analysis(String version, ReasoningPolicy reasoning) {
    return new Analysis(
        "triage", version, "Sort the customer's message.", Contract.of(TRIAGE), reasoning);
  }

  private static List<CompletableFuture<Outcome>> submitAll(
      InferenceEngine engine, Analysis analysis, int count) {
    List<CompletableFuture<Outcome>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      futures.add(engine.submit(request(analysis, "d" + i, document(i))));
    }
    return futures;
  }

  private static String document(int i) {
    return "Order "
        + (4711 + i * 37)
        + " is late, and I was billed "
        + i
        + " times. \"Why?\" Ünïcode "
        + Character.toString(0x4E00 + i)
        + ".\nRegards, customer "
        + i;
  }
}
