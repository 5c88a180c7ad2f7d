package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.telemetry.GenAi;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What traces tell of a document on its way through the operator. */
class TracedDocumentsTest {

  private final ScriptedEngine engine = ScriptedEngine.holding();

  @AfterEach
  void endEngine() {
    engine.close();
  }

  @RegisterExtension
  static final OpenTelemetryExtension telemetry = OpenTelemetryExtension.create();

  @Test
  void a_document_continues_its_producers_trace_and_shows_where_the_time_went() throws Exception {
    Inferred<String, Outcome> inferred;
    try (var harness =
        InferenceHarness.open(TracedInference.ofProducer(engine).build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).answer();
      inferred = harness.awaitOutput(1).get(0);
    }

    SpanData document = span("process letters");
    assertThat(document.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(document.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(document.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(document.getAttributes().get(AttributeKey.stringKey("messaging.system")))
        .isEqualTo("kafka");
    assertThat(document.getAttributes().get(GenAi.DOCUMENT_ID)).isEqualTo("a");
    assertThat(document.getAttributes().get(GenAi.ATTEMPTS)).isEqualTo(1);
    SpanData chat = span("chat script");
    assertThat(chat.getParentSpanId()).isEqualTo(document.getSpanId());
    for (String phase : List.of("queue", "prefill", "answer")) {
      assertThat(span(phase).getParentSpanId()).as(phase).isEqualTo(chat.getSpanId());
    }
    assertThat(inferred.trace().traceparent())
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-" + document.getSpanId() + "-01");
    assertThat(inferred.trace().tracestate()).isEqualTo("shop=7");
  }

  @Test
  void each_attempt_has_a_span_and_one_that_failed_tells_why() throws Exception {
    var inference = TracedInference.ofProducer(engine).retries(2, Duration.ZERO).build();
    try (var harness = InferenceHarness.open(inference, Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).fail(FailureReason.ENGINE_FAULT);
      await().untilAsserted(() -> assertThat(engine.calls()).hasSize(2));
      engine.calls().get(1).answer();
      harness.awaitOutput(1);
    }

    List<SpanData> attempts = spans("chat script");
    assertThat(attempts).hasSize(2);
    assertThat(attempts)
        .extracting(SpanData::getParentSpanId)
        .containsOnly(span("process letters").getSpanId());
    assertThat(attempts)
        .extracting(attempt -> attempt.getAttributes().get(GenAi.ERROR_TYPE))
        .containsExactlyInAnyOrder("ENGINE_FAULT", null);
    assertThat(span("process letters").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void a_document_that_fails_is_an_error_with_its_reason() throws Exception {
    try (var harness =
        InferenceHarness.open(TracedInference.ofProducer(engine).build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).fail(FailureReason.TOO_LONG);
      harness.awaitOutput(1);
    }

    SpanData document = span("process letters");
    assertThat(document.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(document.getAttributes().get(GenAi.ERROR_TYPE)).isEqualTo("TOO_LONG");
  }

  @Test
  void a_document_that_its_task_leaves_without_an_outcome_ends_its_span_as_an_error()
      throws Exception {
    try (var harness =
        InferenceHarness.open(TracedInference.ofProducer(engine).build(), Types.STRING)) {
      harness.process("a");
    }

    assertThat(span("process letters").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void a_document_whose_trace_can_not_be_told_begins_one_and_is_not_lost() throws Exception {
    var inference =
        TracedInference.untold(engine)
            .trace(
                document -> {
                  throw new IllegalStateException("no headers");
                })
            .build();
    try (var harness = InferenceHarness.open(inference, Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).answer();
      assertThat(harness.awaitOutput(1)).hasSize(1);
    }

    assertThat(span("analyse ticket-triage").getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void a_document_whose_trace_is_null_begins_one_and_is_not_lost() throws Exception {
    var inference = TracedInference.untold(engine).trace(document -> null).build();
    try (var harness = InferenceHarness.open(inference, Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).answer();
      assertThat(harness.awaitOutput(1)).hasSize(1);
    }

    assertThat(span("analyse ticket-triage").getParentSpanContext().isValid()).isFalse();
  }

  private SpanData span(String name) {
    List<SpanData> named = spans(name);
    assertThat(named).as(name).hasSize(1);
    return named.get(0);
  }

  private List<SpanData> spans(String name) {
    return telemetry.getSpans().stream().filter(span -> span.getName().equals(name)).toList();
  }
}
