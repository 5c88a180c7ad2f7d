package io.kaiseki.inference.telemetry;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a document stands in a trace, as it travels beside the document: the two headers of W3C's
 * Trace Context.
 *
 * @param traceparent empty where the document belongs to no trace; what is no such header counts as
 *     none
 * @param tracestate what vendors add to it; often empty
 */
public record TraceContext(String traceparent, String tracestate) implements Serializable {

  /** Name of the header that holds {@code traceparent}. */
  public static final String TRACEPARENT = "traceparent";

  /** Name of the header that holds {@code tracestate}. */
  public static final String TRACESTATE = "tracestate";

  /** No trace. */
  public static final TraceContext NONE = new TraceContext("", "");

  private static final W3CTraceContextPropagator PROPAGATOR =
      W3CTraceContextPropagator.getInstance();

  /** Where the span of an OpenTelemetry context stands; {@link #NONE} without one. */
  public static TraceContext of(Context context) {
    Map<String, String> headers = new HashMap<>();
    PROPAGATOR.inject(context, headers, (carrier, key, value) -> headers.put(key, value));
    return headers.isEmpty()
        ? NONE
        : new TraceContext(
            headers.getOrDefault(TRACEPARENT, ""), headers.getOrDefault(TRACESTATE, ""));
  }

  /** Whether the document belongs to a trace. */
  public boolean isPresent() {
    return !traceparent.isEmpty();
  }

  /** The context that spans are made in which continue the trace, or begin one. */
  public Context toContext() {
    return isPresent() ? PROPAGATOR.extract(Context.root(), this, Headers.GETTER) : Context.root();
  }

  private enum Headers implements TextMapGetter<TraceContext> {
    GETTER;

    @Override
    public Iterable<String> keys(TraceContext carrier) {
      return List.of(TRACEPARENT, TRACESTATE);
    }

    @Override
    public @Nullable String get(@Nullable TraceContext carrier, String key) {
      if (carrier == null) {
        return null;
      }
      String value =
          switch (key) {
            case TRACEPARENT -> carrier.traceparent;
            case TRACESTATE -> carrier.tracestate;
            default -> "";
          };
      return value.isEmpty() ? null : value;
    }
  }
}
