package io.kaiseki.inference.telemetry;

import static io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.Contract;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ObservedEngineTest {

  private static final Schema SCHEMA =
      SchemaBuilder.record("Note").namespace("test").fields().requiredString("word").endRecord();
  private static final Analysis ANALYSIS =
      new Analysis("notes", "v1", "Take notes.", Contract.of(SCHEMA), ReasoningPolicy.OFF);
  private static final String SECRET = "the lamp of Mrs Okonkwo is dark";

  @RegisterExtension final OpenTelemetryExtension telemetry = OpenTelemetryExtension.create();

  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private @Nullable SpanContext seenByEngine;

  @Test
  void a_request_that_thought_shows_queue_prefill_reasoning_and_answer_one_after_the_other() {
    submit("llama.cpp", false);
    outcome.complete(answered(new Timings.Phase(Duration.ofMillis(40), Duration.ofMillis(600))));

    SpanData chat = span("chat tiny.gguf");
    assertThat(chat).hasKind(SpanKind.INTERNAL);
    assertThat(chat.getAttributes().asMap())
        .containsEntry(GenAi.OPERATION, "chat")
        .containsEntry(GenAi.PROVIDER, "llama.cpp")
        .containsEntry(GenAi.REQUEST_MODEL, "tiny.gguf")
        .containsEntry(GenAi.INPUT_TOKENS, 600L)
        .containsEntry(GenAi.CACHED_TOKENS, 446L)
        .containsEntry(GenAi.OUTPUT_TOKENS, 106L)
        .containsEntry(GenAi.REASONING_TOKENS, 30L)
        .containsEntry(GenAi.FINISH_REASONS, List.of("stop"));
    assertThat(phase("queue")).containsExactly(0L, 5L);
    assertThat(phase("prefill")).containsExactly(5L, 40L);
    assertThat(phase("reasoning")).containsExactly(40L, 600L);
    assertThat(phase("answer")).containsExactly(600L, 1_000L);
  }

  @Test
  void an_answer_that_was_given_up_for_reasoning_shows_before_it() {
    submit("llama.cpp", false);
    outcome.complete(answered(new Timings.Phase(Duration.ofMillis(200), Duration.ofMillis(600))));

    assertThat(telemetry.getSpans())
        .filteredOn(span -> span.getName().equals("answer"))
        .extracting(this::millis)
        .containsExactly(List.of(40L, 200L), List.of(600L, 1_000L));
  }

  @Test
  void the_engine_runs_under_the_span_so_that_a_remote_one_can_continue_the_trace() {
    submit(EngineDescription.OPENAI, false);
    outcome.complete(answered(null));

    assertThat(span("chat tiny.gguf").getSpanContext()).isEqualTo(seenByEngine);
    assertThat(span("chat tiny.gguf")).hasKind(SpanKind.CLIENT);
  }

  @Test
  void documents_and_answers_are_on_no_span_unless_asked_for() {
    submit("llama.cpp", false);
    outcome.complete(answered(null));

    assertThat(telemetry.getSpans().toString()).doesNotContain("Okonkwo").doesNotContain("lamp");
  }

  @Test
  void documents_and_answers_are_on_the_span_in_the_conventions_form_where_asked_for() {
    submit("llama.cpp", true);
    outcome.complete(answered(null));

    SpanData chat = span("chat tiny.gguf");
    assertThat(chat.getAttributes().get(GenAi.INPUT_MESSAGES))
        .contains("\"role\":\"user\"", SECRET);
    assertThat(chat.getAttributes().get(GenAi.SYSTEM_INSTRUCTIONS)).contains("Take notes.");
    assertThat(chat.getAttributes().get(GenAi.OUTPUT_MESSAGES))
        .contains("\"role\":\"assistant\"", "dark");
  }

  @Test
  void tokens_and_times_are_counted_by_the_conventions_names() {
    submit("llama.cpp", false);
    outcome.complete(answered(null));

    Map<String, List<HistogramPointData>> metrics = histograms();
    assertThat(metrics.keySet())
        .containsExactlyInAnyOrderElementsOf(
            GenAiMetrics.all().stream().map(Metric::name).toList());
    assertThat(metrics.get("gen_ai.client.token.usage"))
        .extracting(point -> point.getAttributes().get(GenAi.TOKEN_TYPE) + point.getSum())
        .containsExactlyInAnyOrder("input600.0", "output106.0");
    assertThat(metrics.get("gen_ai.server.time_to_first_token").get(0).getSum()).isEqualTo(0.04);
    assertThat(metrics.get("gen_ai.server.time_per_output_token").get(0).getSum())
        .isEqualTo(0.96 / 105);
    for (MetricData metric : telemetry.getMetrics()) {
      Metric declared =
          GenAiMetrics.all().stream()
              .filter(of -> of.name().equals(metric.getName()))
              .findFirst()
              .orElseThrow();
      assertThat(metric.getUnit()).isEqualTo(declared.unit());
      metric
          .getHistogramData()
          .getPoints()
          .forEach(
              point ->
                  point
                      .getAttributes()
                      .forEach(
                          (key, value) -> assertThat(declared.labels()).contains(key.getKey())));
    }
  }

  @Test
  void a_remote_engine_counts_as_a_client_only() {
    submit(EngineDescription.OPENAI, false);
    outcome.complete(answered(null));

    assertThat(histograms().keySet()).noneMatch(name -> name.startsWith("gen_ai.server."));
  }

  @Test
  void a_failure_and_a_cancellation_count_by_their_reason() {
    submit("llama.cpp", false);
    outcome.complete(new Outcome.Failed(FailureReason.DEADLINE, "late"));

    assertThat(histograms().get("gen_ai.client.operation.duration"))
        .extracting(point -> point.getAttributes().get(GenAi.ERROR_TYPE))
        .containsExactly("DEADLINE");
    assertThat(span("chat tiny.gguf").getAttributes().get(GenAi.ERROR_TYPE)).isEqualTo("DEADLINE");
  }

  @Test
  void cancelling_reaches_the_engine() {
    submit("llama.cpp", false).cancel(false);

    assertThat(outcome).isCancelled();
    assertThat(span("chat tiny.gguf").getAttributes().get(GenAi.ERROR_TYPE)).isEqualTo("CANCELLED");
  }

  private CompletableFuture<Outcome> submit(String kind, boolean content) {
    InferenceEngine engine =
        ObservedEngine.around(new Held(kind), telemetry.getOpenTelemetry(), content);
    return engine.submit(new CompletionRequest("d-1", ANALYSIS, SECRET, Instant.MAX, Lane.LIVE));
  }

  private static Outcome answered(Timings.@Nullable Phase reasoning) {
    return new Outcome.Answered(
        new Completion(
            new GenericRecordBuilder(SCHEMA).set("word", "dark").build(),
            List.of(),
            null,
            new TokenUsage(446, true, 154, 30, 76, 21),
            FinishReason.COMPLETE,
            new Timings(
                Duration.ofMillis(5), Duration.ofMillis(40), Duration.ofMillis(1_000), reasoning)));
  }

  private SpanData span(String name) {
    return telemetry.getSpans().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<Long> phase(String name) {
    SpanData phase = span(name);
    assertThat(phase.getParentSpanId()).isEqualTo(span("chat tiny.gguf").getSpanId());
    return millis(phase);
  }

  /** Begin and end, from the submission. */
  private List<Long> millis(SpanData phase) {
    long start = span("chat tiny.gguf").getStartEpochNanos();
    return List.of(
        Duration.ofNanos(phase.getStartEpochNanos() - start).toMillis(),
        Duration.ofNanos(phase.getEndEpochNanos() - start).toMillis());
  }

  private Map<String, List<HistogramPointData>> histograms() {
    return telemetry.getMetrics().stream()
        .collect(
            java.util.stream.Collectors.toMap(
                MetricData::getName, metric -> List.copyOf(metric.getHistogramData().getPoints())));
  }

  /** An engine whose only request ends when the test says so. */
  private final class Held implements InferenceEngine {

    private final String kind;

    Held(String kind) {
      this.kind = kind;
    }

    @Override
    public CompletableFuture<Outcome> submit(CompletionRequest request) {
      seenByEngine = Span.current().getSpanContext();
      return outcome;
    }

    @Override
    public EngineDescription description() {
      return new EngineDescription(kind, "b1", "tiny.gguf", "ab12", 2, 4096);
    }

    @Override
    public EngineStatistics statistics() {
      return EngineStatistics.NONE;
    }

    @Override
    public void close() {}
  }
}
