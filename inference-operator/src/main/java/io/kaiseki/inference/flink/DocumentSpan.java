package io.kaiseki.inference.flink;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.telemetry.DocumentTrace;
import io.kaiseki.inference.telemetry.GenAi;
import io.kaiseki.inference.telemetry.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The span of a document in the operator, from its arrival to its only outcome, all attempts
 * included. Ended once, by whichever thread ends the document.
 */
final class DocumentSpan {

  private static final Logger LOG = LoggerFactory.getLogger(DocumentSpan.class);

  private final Span span;
  private final Context context;

  private DocumentSpan(Span span, Context context) {
    this.span = span;
    this.context = context;
  }

  /**
   * Begins the span of a document.
   *
   * @param trace the job's account of it; where it fails or gives null, the span belongs to no
   *     trace, since a document must not be lost to its telemetry
   */
  static DocumentSpan start(
      Tracer tracer, Supplier<DocumentTrace> trace, CompletionRequest request) {
    DocumentTrace of;
    try {
      of = Objects.requireNonNull(trace.get(), "trace");
    } catch (RuntimeException e) {
      LOG.debug("document begins a trace of its own id={}", request.id(), e);
      of = DocumentTrace.begin("analyse " + request.analysis().name());
    }
    Context parent = of.parent().toContext();
    Span span =
        tracer
            .spanBuilder(of.name())
            .setParent(parent)
            .setSpanKind(of.kind())
            .setAllAttributes(of.attributes())
            .setAttribute(GenAi.ANALYSIS, request.analysis().name())
            .setAttribute(GenAi.ANALYSIS_VERSION, request.analysis().version())
            .setAttribute(GenAi.DOCUMENT_ID, request.id())
            .startSpan();
    return new DocumentSpan(span, parent.with(span));
  }

  /** The context in which the engine is asked. */
  Context context() {
    return context;
  }

  /** What those who come after the operator continue. */
  TraceContext trace() {
    return TraceContext.of(context);
  }

  /** The document has its outcome. */
  void ended(Outcome outcome, int attempts) {
    span.setAttribute(GenAi.ATTEMPTS, attempts);
    if (outcome instanceof Outcome.Failed failed) {
      span.setAttribute(GenAi.ERROR_TYPE, failed.reason().name());
      span.setStatus(StatusCode.ERROR, failed.message());
    }
    span.end();
  }

  /** The task ends before the document has an outcome; a recovery does it again. */
  void abandoned() {
    span.setStatus(StatusCode.ERROR, "the task ended; a recovery does the document again");
    span.end();
  }
}
