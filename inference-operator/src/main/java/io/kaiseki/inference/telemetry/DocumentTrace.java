package io.kaiseki.inference.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;

/**
 * The span of a document: what continues the trace that it came with, and holds the spans of the
 * model's work on it.
 *
 * @param parent what it continues
 * @param name of the span, such as {@code process tickets}; the same for many documents
 * @param kind its kind
 * @param attributes what is known of the document when it arrives; never its text
 */
public record DocumentTrace(
    TraceContext parent, String name, SpanKind kind, Attributes attributes) {

  /** The span of a document that belongs to no trace yet. */
  public static DocumentTrace begin(String name) {
    return new DocumentTrace(TraceContext.NONE, name, SpanKind.INTERNAL, Attributes.empty());
  }
}
