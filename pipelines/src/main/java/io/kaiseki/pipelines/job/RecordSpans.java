package io.kaiseki.pipelines.job;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.telemetry.DocumentTrace;
import io.kaiseki.inference.telemetry.GenAi;
import io.kaiseki.inference.telemetry.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

/**
 * The span of a record, {@code process TOPIC}, by OpenTelemetry's conventions for messaging. It
 * continues the trace of the record's headers.
 */
final class RecordSpans {

  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
  private static final AttributeKey<String> OPERATION_NAME =
      AttributeKey.stringKey("messaging.operation.name");
  private static final AttributeKey<String> OPERATION_TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  private static final AttributeKey<String> DESTINATION =
      AttributeKey.stringKey("messaging.destination.name");
  private static final AttributeKey<String> PARTITION =
      AttributeKey.stringKey("messaging.destination.partition.id");
  private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
  private static final AttributeKey<Long> BODY_SIZE =
      AttributeKey.longKey("messaging.message.body.size");
  private static final AttributeKey<String> STAGE = AttributeKey.stringKey("kaiseki.stage");
  private static final String PROCESS = "process";

  private RecordSpans() {}

  /** What the operator makes the span of a document from. */
  static DocumentTrace of(PreparedDocument document) {
    RawRecord source = document.source();
    return new DocumentTrace(
        TraceHeaders.read(source.headers()), name(source), SpanKind.CONSUMER, attributes(source));
  }

  /**
   * Makes the whole span of a record that never reaches the operator.
   *
   * @return what its dead letter continues
   */
  static TraceContext rejected(
      RawRecord source, Rejection.Stage stage, FailureReason reason, String message) {
    Context parent = TraceHeaders.read(source.headers()).toContext();
    Span span =
        GenAi.openTelemetry()
            .getTracer(GenAi.SCOPE)
            .spanBuilder(name(source))
            .setParent(parent)
            .setSpanKind(SpanKind.CONSUMER)
            .setAllAttributes(attributes(source))
            .setAttribute(STAGE, stage.word())
            .setAttribute(GenAi.ERROR_TYPE, reason.name())
            .startSpan();
    span.setStatus(StatusCode.ERROR, message);
    span.end();
    return TraceContext.of(parent.with(span));
  }

  private static String name(RawRecord source) {
    return PROCESS + " " + source.topic();
  }

  private static Attributes attributes(RawRecord source) {
    AttributesBuilder attributes =
        Attributes.builder()
            .put(SYSTEM, "kafka")
            .put(OPERATION_NAME, PROCESS)
            .put(OPERATION_TYPE, PROCESS)
            .put(DESTINATION, source.topic())
            .put(PARTITION, String.valueOf(source.partition()))
            .put(OFFSET, source.offset());
    byte[] value = source.value();
    if (value != null) {
      attributes.put(BODY_SIZE, (long) value.length);
    }
    return attributes.build();
  }
}
