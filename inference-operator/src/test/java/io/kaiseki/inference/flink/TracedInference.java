package io.kaiseki.inference.flink;

import io.kaiseki.inference.telemetry.DocumentTrace;
import io.kaiseki.inference.telemetry.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;

/** Inference over documents that are their own ids and texts, some of a producer that traces. */
final class TracedInference {

  /** The trace that documents come with. */
  static final TraceContext PRODUCER =
      new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "shop=7");

  private TracedInference() {}

  /** Documents that are told to belong to no trace. */
  static AsyncInference.Builder<String> untold(ScriptedEngine engine) {
    return AsyncInference.<String>builder()
        .analysis(Completions.ANALYSIS)
        .engine(engine.source())
        .documentId(document -> document)
        .text(document -> document);
  }

  /** Documents of {@link #PRODUCER}, as if they came from Kafka. */
  static AsyncInference.Builder<String> ofProducer(ScriptedEngine engine) {
    return untold(engine)
        .trace(
            document ->
                new DocumentTrace(
                    PRODUCER,
                    "process letters",
                    SpanKind.CONSUMER,
                    Attributes.of(AttributeKey.stringKey("messaging.system"), "kafka")));
  }
}
