package io.kaiseki.inference.telemetry;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.ForwardingEngine;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tells of every request to an engine: a span under the one that is current where it is submitted,
 * and {@link GenAiMetrics}. The engine is called with that span as the current one, so that one
 * that asks another server continues the trace there.
 */
public final class ObservedEngine extends ForwardingEngine {

  private final Tracer tracer;
  private final GenAiMetrics metrics;
  private final boolean content;

  private ObservedEngine(InferenceEngine engine, OpenTelemetry openTelemetry, boolean content) {
    super(engine);
    this.tracer = openTelemetry.getTracer(GenAi.SCOPE);
    this.metrics = new GenAiMetrics(openTelemetry);
    this.content = content;
  }

  /**
   * Tells what the process has set up of the engine's requests.
   *
   * @param engine the caller's hold; it is closed with the returned one
   */
  public static InferenceEngine around(InferenceEngine engine) {
    return around(engine, GenAi.openTelemetry(), MessageContent.isAskedFor());
  }

  /**
   * Tells one instance of OpenTelemetry of the engine's requests.
   *
   * @param content whether spans shall hold prompts and answers
   */
  static InferenceEngine around(
      InferenceEngine engine, OpenTelemetry openTelemetry, boolean content) {
    return new ObservedEngine(engine, openTelemetry, content);
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    EngineDescription description = engine.description();
    ModelSpan span = ModelSpan.start(tracer, description, request, content);
    long start = System.nanoTime();
    CompletableFuture<Outcome> submitted;
    try {
      submitted = span.context().wrapSupplier(() -> engine.submit(request)).get();
    } catch (RuntimeException | Error e) {
      span.failed(e.getClass().getName(), null, System.nanoTime() - start);
      throw e;
    }
    submitted.whenComplete(
        (outcome, error) ->
            ended(span, description, request, outcome, error, System.nanoTime() - start));
    // The engine's own, so that cancelling it reaches the engine.
    return submitted;
  }

  private void ended(
      ModelSpan span,
      EngineDescription description,
      CompletionRequest request,
      @Nullable Outcome outcome,
      @Nullable Throwable error,
      long nanos) {
    String analysis = request.analysis().name();
    if (outcome instanceof Outcome.Answered answered) {
      span.answered(answered.completion(), nanos);
      metrics.answered(description, analysis, answered.completion(), nanos);
      return;
    }
    String errorType;
    String message = null;
    if (outcome instanceof Outcome.Failed failed) {
      errorType = failed.reason().name();
      message = failed.message();
    } else if (error == null || error instanceof CancellationException) {
      errorType = FailureReason.CANCELLED.name();
    } else {
      // An engine's exception may quote the document: only the class goes on.
      errorType = error.getClass().getName();
    }
    span.failed(errorType, message, nanos);
    metrics.failed(description, analysis, errorType, nanos);
  }
}
