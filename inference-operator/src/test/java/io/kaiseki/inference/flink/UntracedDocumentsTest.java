package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.telemetry.DocumentTrace;
import io.kaiseki.inference.telemetry.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a trace in a process that has set no telemetry up. */
class UntracedDocumentsTest {

  private static final TraceContext PRODUCER =
      new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "shop=7");

  private final ScriptedEngine engine = ScriptedEngine.holding();

  @AfterEach
  void endEngine() {
    engine.close();
  }

  @Test
  void where_nobody_listens_the_producers_trace_is_handed_on_as_it_came() throws Exception {
    try (var harness = InferenceHarness.open(traced().build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).answer();

      assertThat(harness.awaitOutput(1).get(0).trace()).isEqualTo(PRODUCER);
    }
  }

  @Test
  void where_nobody_listens_a_document_without_a_trace_gets_none() throws Exception {
    try (var harness = InferenceHarness.open(inference().build(), Types.STRING)) {
      harness.process("a");
      engine.calls().get(0).answer();

      assertThat(harness.awaitOutput(1).get(0).trace()).isEqualTo(TraceContext.NONE);
    }
  }

  private AsyncInference.Builder<String> traced() {
    return inference()
        .trace(
            document ->
                new DocumentTrace(
                    PRODUCER,
                    "process letters",
                    SpanKind.CONSUMER,
                    Attributes.of(AttributeKey.stringKey("messaging.system"), "kafka")));
  }

  private AsyncInference.Builder<String> inference() {
    return AsyncInference.<String>builder()
        .analysis(Completions.ANALYSIS)
        .engine(engine.source())
        .documentId(document -> document)
        .text(document -> document);
  }
}
