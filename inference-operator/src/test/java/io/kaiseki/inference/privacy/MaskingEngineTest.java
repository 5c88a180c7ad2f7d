package io.kaiseki.inference.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.Contract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class MaskingEngineTest {

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Letter", "namespace": "test", "fields": [
                {"name": "words", "type": ["null", "string"], "quote": true, "maxLength": 40},
                {"name": "lines", "quote": true, "type": {"type": "array", "items": "string"}},
                {"name": "risks", "type": {"type": "array", "items": {
                  "type": "record", "name": "Risk", "fields": [
                    {"name": "evidence", "type": "string", "quote": true},
                    {"name": "note", "type": "string"}]}}},
                {"name": "summary", "type": "string"}
              ]}
              """);

  private static final String TEXT = "Dear anna@example.org, pay DE89 3704 0044 0532 0130 00.";
  private static final String MASKED = "Dear [EMAIL-1], pay [IBAN-1].";

  private final EchoEngine echo = new EchoEngine();
  private final InferenceEngine engine = MaskingEngine.around(echo);

  @Test
  void the_model_sees_placeholders_only() {
    submit(policy(false), TEXT);

    assertThat(echo.requests)
        .singleElement()
        .satisfies(request -> assertThat(request.document()).isEqualTo(MASKED));
  }

  @Test
  void but_for_the_text_the_request_stays_what_it_was() {
    CompletionRequest fresh = request(policy(false), TEXT).asFresh();

    engine.submit(fresh);

    assertThat(echo.requests)
        .containsExactly(
            new CompletionRequest(
                fresh.id(), fresh.analysis(), MASKED, fresh.deadline(), fresh.lane(), true));
  }

  @Test
  void without_a_policy_the_document_goes_on_as_it_is() {
    CompletionRequest request = request(MaskingPolicy.NONE, TEXT);

    engine.submit(request);

    assertThat(echo.requests).containsExactly(request);
  }

  @Test
  void quotes_stay_masked_unless_the_policy_says_otherwise() {
    GenericRecord answer = completion(submit(policy(false), TEXT)).answer();

    assertThat(answer.get("words")).isEqualTo(MASKED);
    assertThat(answer.get("summary")).isEqualTo(MASKED);
  }

  @Test
  void unmasked_quotes_are_words_of_the_document_and_all_else_stays_masked() {
    GenericRecord answer = completion(submit(policy(true), TEXT)).answer();

    assertThat(answer.get("words"))
        .as("cut at the contract's bound")
        .isEqualTo(TEXT.substring(0, 40));
    assertThat(answer.get("lines")).isEqualTo(List.of(TEXT));
    GenericRecord risk = (GenericRecord) ((List<?>) answer.get("risks")).get(0);
    assertThat(risk.get("evidence")).isEqualTo(TEXT);
    assertThat(risk.get("note")).isEqualTo(MASKED);
    assertThat(answer.get("summary")).isEqualTo(MASKED);
    assertThat(GenericData.get().validate(SCHEMA, answer)).isTrue();
  }

  @Test
  void the_engines_own_answer_is_not_changed() {
    submit(policy(true), TEXT);

    assertThat(echo.answers.get(0).get("words")).isEqualTo(MASKED);
  }

  @Test
  void the_result_tells_how_many_values_were_masked() {
    Completion completion = completion(submit(policy(false), TEXT));

    assertThat(completion.reading().masked()).isEqualTo(Map.of("email", 1, "iban", 1));
    assertThat(completion.reading().chunks()).as("as the engine behind it says").isEqualTo(3);
  }

  @Test
  void a_failure_passes() {
    echo.failure = new Outcome.Failed(FailureReason.DEADLINE, "too late");

    assertThat(submit(policy(false), TEXT).join()).isEqualTo(echo.failure);
  }

  @Test
  void cancelling_it_cancels_the_engines_request() {
    echo.holds = true;
    CompletableFuture<Outcome> submitted = submit(policy(false), TEXT);

    submitted.cancel(false);

    assertThat(echo.held).isCancelled();
  }

  @Test
  void a_document_that_can_not_be_masked_never_reaches_the_model() {
    MaskingPolicy broken =
        new MaskingPolicy(List.of(new MaskedValue.Custom("own", "(")), "", false);

    Outcome outcome = submit(broken, TEXT).join();

    assertThat(((Outcome.Failed) outcome).reason()).isEqualTo(FailureReason.REFUSED);
    assertThat(((Outcome.Failed) outcome).message()).doesNotContain("anna");
    assertThat(echo.requests).isEmpty();
  }

  private CompletableFuture<Outcome> submit(MaskingPolicy policy, String text) {
    return engine.submit(request(policy, text));
  }

  private static MaskingPolicy policy(boolean unmaskQuotes) {
    return new MaskingPolicy(
        List.of(MaskedValue.Known.EMAIL, MaskedValue.Known.IBAN), "", unmaskQuotes);
  }

  private static CompletionRequest request(MaskingPolicy policy, String text) {
    return new CompletionRequest(
        "d",
        new Analysis(
            "letters",
            "1",
            "Read the letter.",
            Contract.of(SCHEMA),
            ReasoningPolicy.OFF,
            LongDocuments.SPLIT,
            policy),
        text,
        Instant.now().plusSeconds(60),
        Lane.LIVE);
  }

  private static Completion completion(CompletableFuture<Outcome> future) {
    return ((Outcome.Answered) future.join()).completion();
  }

  /** Answers with the document itself in every field. */
  private static final class EchoEngine implements InferenceEngine {
    private final List<CompletionRequest> requests = new ArrayList<>();
    private final List<GenericRecord> answers = new ArrayList<>();
    private final CompletableFuture<Outcome> held = new CompletableFuture<>();
    private boolean holds;
    private Outcome.Failed failure;

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      requests.add(request);
      if (holds) {
        return held;
      }
      return CompletableFuture.completedFuture(
          failure != null ? failure : answered(request.document()));
    }

    private Outcome answered(String text) {
      Schema riskSchema = SCHEMA.getField("risks").schema().getElementType();
      GenericRecord risk = new GenericData.Record(riskSchema);
      risk.put("evidence", text);
      risk.put("note", text);
      GenericRecord answer = new GenericData.Record(SCHEMA);
      answer.put("words", text);
      answer.put("lines", List.of(text));
      answer.put("risks", List.of(risk));
      answer.put("summary", text);
      answers.add(answer);
      return new Outcome.Answered(
          new Completion(
                  answer,
                  List.of(),
                  null,
                  TokenUsage.NONE,
                  FinishReason.COMPLETE,
                  new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO))
              .withReading(new DocumentReading(3, false, Map.of())));
    }

    @Override
    public EngineDescription description() {
      return new EngineDescription("echo", "", "none", "", 1, 100);
    }

    @Override
    public EngineStatistics statistics() {
      return EngineStatistics.NONE;
    }

    @Override
    public void close() {}
  }
}
