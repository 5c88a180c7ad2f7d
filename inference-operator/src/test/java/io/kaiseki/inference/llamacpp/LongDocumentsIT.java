package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.Requests.failed;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentMeter;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.policy.PolicyEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/**
 * Texts many times longer than the context, through the real engine and the analysis that ships.
 */
class LongDocumentsIT {

  /**
   * The soak profile reads a book of 300; made-up weights fill every list and text of every part,
   * so that takes many minutes.
   */
  private static final int PAGES = Integer.getInteger("kaiseki.soak.pages", 20);

  private static final int SLOTS = 4;
  private static final int CONTEXT = 24_576;

  /** No bare time fails a test; a build that hangs is ended from outside. */
  private static final Duration LONG = Duration.ofHours(6);

  private static final Analysis INSIGHT =
      DocumentInsight.analysis(LongDocuments.SPLIT, MaskingPolicy.NONE);

  @Test
  void a_text_many_times_longer_than_the_context_is_answered_once_and_every_quote_stands_in_it()
      throws Exception {
    String text = LongText.pages(PAGES, 1);
    try (InferenceEngine engine = engine()) {
      EngineStatistics before = engine.statistics();

      Completion completion = answered(engine.submit(lengthy(INSIGHT, text)));

      EngineStatistics after = engine.statistics();
      assertThat(completion.reading().chunks()).isGreaterThan(PAGES / 10);
      assertThat(GenericData.get().validate(INSIGHT.contract().schema(), completion.answer()))
          .isTrue();
      List<String> quotes = new ArrayList<>();
      check(INSIGHT.contract().type(), completion.answer(), text, quotes);
      assertThat(quotes).as("names and evidence").isNotEmpty();
      assertThat(completion.usage().document())
          .isEqualTo((int) (after.documentTokens() - before.documentTokens()));
      assertThat(completion.usage().answer())
          .isEqualTo((int) (after.answerTokens() - before.answerTokens()));
      assertThat(completion.usage().forced())
          .isEqualTo((int) (after.forcedTokens() - before.forcedTokens()));
      assertThat(after.answered() - before.answered())
          .isGreaterThanOrEqualTo(completion.reading().chunks());
      assertThat(after.prefixDecodes() - before.prefixDecodes()).isLessThanOrEqualTo(1);
      assertThat(completion.confidences())
          .allSatisfy(
              confidence ->
                  assertThat(confidence.distribution().values().stream().mapToDouble(p -> p).sum())
                      .isBetween(0.999, 1.001));
      assertThat(completion.confidences().get(0).field()).isEqualTo("documentType");
    }
  }

  @Test
  void masked_values_of_a_long_text_never_show_and_unmasked_quotes_stand_in_the_original()
      throws Exception {
    String text = LongText.pages(12, 2).replace("Supplier", "firm supplier@example.org");
    MaskingPolicy masking = new MaskingPolicy(List.of(MaskedValue.Known.EMAIL), "", true);
    Analysis analysis = DocumentInsight.analysis(LongDocuments.SPLIT, masking);
    try (InferenceEngine engine = engine()) {
      Completion completion = answered(engine.submit(lengthy(analysis, text)));

      check(analysis.contract().type(), completion.answer(), text, new ArrayList<>());
      assertThat(completion.reading().chunks()).isGreaterThan(1);
      assertThat(completion.reading().masked()).isEqualTo(Map.of("email", 1));
    }
  }

  @Test
  void cancelling_a_long_document_frees_the_slots_of_all_its_parts() throws Exception {
    try (InferenceEngine engine = engine()) {
      CompletableFuture<Outcome> document = engine.submit(lengthy(INSIGHT, LongText.pages(40, 3)));
      await().atMost(LONG).until(() -> engine.statistics().slotsBusy() > 0);

      document.cancel(false);

      awaitIdle(engine);
      answered(engine.submit(request(INSIGHT, "next", "A short one.")));
    }
  }

  @Test
  void a_long_document_past_its_deadline_fails_once_and_frees_the_slots_of_all_its_parts()
      throws Exception {
    Analysis thinking =
        new Analysis(
            "thinking",
            "1",
            "Think.",
            TicketTriage.analysis(ReasoningPolicy.OFF).contract(),
            new ReasoningPolicy.Always(4_000),
            LongDocuments.SPLIT,
            MaskingPolicy.NONE);
    try (InferenceEngine engine = engine()) {
      Outcome.Failed failed =
          failed(
              engine.submit(
                  new CompletionRequest(
                      "late",
                      thinking,
                      LongText.pages(200, 4),
                      Instant.now().plusSeconds(3),
                      Lane.LIVE)));

      assertThat(failed.reason()).isEqualTo(FailureReason.DEADLINE);
      awaitIdle(engine);
    }
  }

  @Test
  void a_truncated_document_fills_the_room_and_says_so() throws Exception {
    Analysis truncating = DocumentInsight.analysis(LongDocuments.TRUNCATE, MaskingPolicy.NONE);
    String text = LongText.pages(60, 5);
    try (InferenceEngine engine = engine()) {
      int room = engine.meter(truncating).orElseThrow().room();

      Completion completion = answered(engine.submit(lengthy(truncating, text)));

      assertThat(completion.reading()).isEqualTo(new DocumentReading(1, true, Map.of()));
      assertThat(completion.usage().document()).isBetween(room / 3, room + 64);
      check(truncating.contract().type(), completion.answer(), text, new ArrayList<>());
    }
  }

  @Test
  void labels_of_a_long_ticket_are_voted_on() throws Exception {
    Analysis triage = TicketTriage.analysis(ReasoningPolicy.OFF);
    Analysis splitting =
        new Analysis(
            triage.name(),
            triage.version(),
            triage.instructions(),
            triage.contract(),
            triage.reasoning(),
            LongDocuments.SPLIT,
            MaskingPolicy.NONE);
    String text = new Documents(6).next(60_000);
    try (InferenceEngine engine =
        PolicyEngine.around(
            LlamaCppEngine.source(Requests.settings(TinyModel.narrow(), SLOTS, 8_192)).acquire())) {
      Completion completion = answered(engine.submit(lengthy(splitting, text)));

      assertThat(completion.reading().chunks()).isGreaterThan(2);
      AnswerAssertions.assertValid(completion.answer(), text);
      assertThat(completion.confidences())
          .extracting(confidence -> confidence.field())
          .containsExactly(
              "language", "category", "priority", "sentiment", "needsHuman", "suggestedTeam");
    }
  }

  @Test
  void the_meter_tells_exactly_what_fits() throws Exception {
    Analysis refusing = DocumentInsight.analysis(LongDocuments.REFUSE, MaskingPolicy.NONE);
    try (InferenceEngine engine = engine()) {
      DocumentMeter meter = engine.meter(refusing).orElseThrow();
      String text = LongText.pages(40, 7);
      int end = 1;
      while (meter.tokens(text.substring(0, end + 1)) <= meter.room()) {
        end += Math.max(1, (meter.room() - meter.tokens(text.substring(0, end))) / 2);
      }
      while (meter.tokens(text.substring(0, end)) > meter.room()) {
        end--;
      }
      String longest = text.substring(0, end);
      String longer = text.substring(0, end + 40);
      assertThat(meter.tokens(longer)).isGreaterThan(meter.room());
      assertThat(meter.sharedRoom()).isLessThanOrEqualTo(meter.room());

      answered(engine.submit(lengthy(refusing, longest)));
      assertThat(failed(engine.submit(lengthy(refusing, longer))).reason())
          .isEqualTo(FailureReason.TOO_LONG);
    }
  }

  private static InferenceEngine engine() {
    return PolicyEngine.around(
        LlamaCppEngine.source(Requests.settings(TinyModel.narrow(), SLOTS, CONTEXT)).acquire());
  }

  private static Completion answered(CompletableFuture<Outcome> future) throws Exception {
    Outcome outcome = future.get(LONG.toHours(), TimeUnit.HOURS);
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    return ((Outcome.Answered) outcome).completion();
  }

  private static CompletionRequest lengthy(Analysis analysis, String text) {
    return new CompletionRequest("long", analysis, text, Instant.now().plus(LONG), Lane.LIVE);
  }

  private static void awaitIdle(InferenceEngine engine) {
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              assertThat(engine.statistics().slotsBusy()).isZero();
              assertThat(engine.statistics().queued()).isZero();
            });
  }

  /** Bounds and quotes of an answer, however deep. */
  private static void check(AnswerType type, Object value, String document, List<String> quotes) {
    if (type instanceof AnswerType.Composite composite) {
      for (int i = 0; i < composite.fields().size(); i++) {
        check(composite.fields().get(i).type(), ((GenericRecord) value).get(i), document, quotes);
      }
    } else if (type instanceof AnswerType.Items items) {
      List<?> list = (List<?>) value;
      assertThat(list.size()).isBetween(items.minItems(), items.maxItems());
      list.forEach(item -> check(items.type(), item, document, quotes));
    } else if (type instanceof AnswerType.Nullable nullable && value != null) {
      check(nullable.type(), value, document, quotes);
    } else if (type instanceof AnswerType.Quote quote) {
      String text = value.toString();
      assertThat(text.codePointCount(0, text.length())).isLessThanOrEqualTo(quote.maxLength());
      assertThat(document).contains(text);
      quotes.add(text);
    } else if (type instanceof AnswerType.Text text) {
      assertThat(value.toString().length()).isLessThanOrEqualTo(2 * text.maxLength());
    }
  }
}
