package io.kaiseki.pipelines.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.cascade.CascadeEngine;
import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.openai.OpenAiEngine;
import io.kaiseki.inference.policy.PolicyEngine;
import io.kaiseki.inference.telemetry.TraceContext;
import io.kaiseki.pipelines.job.TinyModel;
import io.kaiseki.telemetry.Telemetry;
import io.kaiseki.telemetry.TelemetrySettings;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A served model, asked by the product's own engine. */
@ExtendWith(ServedModel.class)
class ServedEngineIT {

  private static final String CALLER_SPAN = "b7ad6b7169203331";

  /** Another one in each run, so that no spans of an earlier try are found. */
  private final String trace = UUID.randomUUID().toString().replace("-", "");

  @Test
  void the_answer_over_http_is_that_of_the_engine_in_process() throws Exception {
    LlamaCppSettings local =
        new LlamaCppSettings(TinyModel.file().toString(), "", 4, 0, 512, 1, "shipped");
    try (InferenceEngine remote =
            OpenAiEngine.source(ServedModel.settings(ServedModel.serve().url())).acquire();
        InferenceEngine inProcess = LlamaCppEngine.source(local).acquire()) {
      CompletionRequest request =
          ServedModel.request("same", "Please cancel my contract by March.");
      Completion over = ServedModel.completion(remote.submit(request));
      Completion within = ServedModel.completion(inProcess.submit(request));

      assertThat(over.answer()).isEqualTo(within.answer());
      assertThat(over.confidences())
          .extracting("field", "label")
          .isEqualTo(
              within.confidences().stream()
                  .map(of -> Tuple.tuple(of.field(), of.label()))
                  .toList());
      assertThat(over.usage().input()).isEqualTo(within.usage().input());
      assertThat(over.usage().answer()).isEqualTo(within.usage().answer());
      assertThat(remote.description().modelSha256())
          .isEqualTo(inProcess.description().modelSha256());
      assertThat(remote.description().build()).startsWith("llama.cpp b");
    }
  }

  @Test
  void a_cascade_asks_the_served_model_where_the_local_one_is_unsure() throws Exception {
    LlamaCppSettings local =
        new LlamaCppSettings(TinyModel.file().toString(), "", 4, 0, 512, 1, "shipped");
    try (InferenceEngine cascade =
        CascadeEngine.source(
                LlamaCppEngine.source(local),
                OpenAiEngine.source(ServedModel.settings(ServedModel.serve().url())),
                1)
            .acquire()) {
      Completion completion =
          ServedModel.completion(cascade.submit(ServedModel.request("unsure", "Hm.")));

      Escalation escalation = completion.escalation();
      assertThat(escalation.answeredBy().engine()).isEqualTo("openai");
      assertThat(escalation.leastConfidence()).isLessThan(1);
      assertThat(escalation.usage().answer()).isPositive();
      assertThat(completion.usage().answer()).isPositive();
    }
  }

  @Test
  void a_trace_goes_on_from_the_one_who_asks_into_the_served_model() throws Exception {
    TraceContext caller = new TraceContext("00-" + trace + "-" + CALLER_SPAN + "-01", "shop=7");
    Telemetry telemetry =
        Telemetry.start(
            new TelemetrySettings(
                "kaiseki-test",
                "1",
                Optional.empty(),
                Map.of(
                    "otel.exporter.otlp.endpoint",
                    ServedModel.collector().endpoint(),
                    "otel.bsp.schedule.delay",
                    "100")));
    try (InferenceEngine remote =
        PolicyEngine.around(
            OpenAiEngine.source(ServedModel.settings(ServedModel.serve().url())).acquire())) {
      CompletionRequest request = ServedModel.request("traced", "Where is my parcel?");
      ServedModel.completion(caller.toContext().wrapSupplier(() -> remote.submit(request)).get());

      // Its span ends a moment after the answer is there.
      Span asking = awaitChat(CALLER_SPAN);
      Span answering = awaitChat(hex(asking.getSpanId()));
      assertThat(attribute(asking, "gen_ai.provider.name")).isEqualTo("openai");
      assertThat(attribute(answering, "gen_ai.provider.name")).isEqualTo("llama.cpp");
      assertThat(answering.getTraceState()).isEqualTo("shop=7");
      assertThat(children(answering)).extracting(Span::getName).contains("prefill", "answer");
    } finally {
      telemetry.close();
    }
  }

  /** The span of the model under another one. */
  private Span awaitChat(String parent) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                spans().stream()
                    .filter(span -> span.getName().startsWith("chat "))
                    .filter(span -> hex(span.getParentSpanId()).equals(parent))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private List<Span> children(Span parent) {
    return spans().stream()
        .filter(span -> span.getParentSpanId().equals(parent.getSpanId()))
        .toList();
  }

  private List<Span> spans() {
    return ServedModel.collector().spans().stream()
        .filter(span -> hex(span.getTraceId()).equals(trace))
        .toList();
  }

  private static String attribute(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
