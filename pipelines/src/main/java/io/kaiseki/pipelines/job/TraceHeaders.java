package io.kaiseki.pipelines.job;

import io.kaiseki.inference.telemetry.TraceContext;
import io.kaiseki.pipelines.job.RawRecord.RawHeader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.apache.kafka.common.header.Headers;

/**
 * The trace of a record, in its headers: {@code traceparent} and {@code tracestate}, as
 * OpenTelemetry's instrumentation of Kafka clients writes and reads them. Of several with one name,
 * the last counts.
 */
final class TraceHeaders {

  private TraceHeaders() {}

  /** What a producer has written. */
  static TraceContext read(Collection<RawHeader> headers) {
    String traceparent = last(headers, TraceContext.TRACEPARENT);
    return traceparent.isEmpty()
        ? TraceContext.NONE
        : new TraceContext(traceparent, last(headers, TraceContext.TRACESTATE));
  }

  /** Adds it behind the headers that are there; nothing where there is no trace. */
  static void write(TraceContext trace, Headers headers) {
    if (trace.isPresent()) {
      headers.add(TraceContext.TRACEPARENT, bytes(trace.traceparent()));
      if (!trace.tracestate().isEmpty()) {
        headers.add(TraceContext.TRACESTATE, bytes(trace.tracestate()));
      }
    }
  }

  private static String last(Collection<RawHeader> headers, String name) {
    return headers.stream()
        .filter(header -> header.key().equals(name))
        .reduce((earlier, later) -> later)
        .map(RawHeader::value)
        .map(value -> new String(value, StandardCharsets.US_ASCII))
        .orElse("");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
