package io.kaiseki.inference.telemetry;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The span of one request to an engine, {@code chat MODEL}, from submission to its end. Its
 * children show where the time went: {@code queue}, {@code prefill}, {@code reasoning} and {@code
 * answer}, an answer that was given up for reasoning being one of its own. They are made at the
 * end, from the engine's account, so that tracing costs nothing while the model runs.
 */
final class ModelSpan {

  private final Tracer tracer;
  private final Span span;
  private final Instant start;
  private final boolean content;

  private ModelSpan(Tracer tracer, Span span, Instant start, boolean content) {
    this.tracer = tracer;
    this.span = span;
    this.start = start;
    this.content = content;
  }

  /** Begins a span under the one that is current. */
  static ModelSpan start(
      Tracer tracer, EngineDescription engine, CompletionRequest request, boolean content) {
    Instant start = Instant.now();
    Span span =
        tracer
            .spanBuilder(GenAi.CHAT + " " + engine.model())
            .setSpanKind(engine.remote() ? SpanKind.CLIENT : SpanKind.INTERNAL)
            .setStartTimestamp(start)
            .setAttribute(GenAi.OPERATION, GenAi.CHAT)
            .setAttribute(GenAi.PROVIDER, engine.engine())
            .setAttribute(GenAi.REQUEST_MODEL, engine.model())
            .setAttribute(GenAi.OUTPUT_TYPE, "json")
            .setAttribute(GenAi.ANALYSIS, request.analysis().name())
            .setAttribute(GenAi.ANALYSIS_VERSION, request.analysis().version())
            .setAttribute(GenAi.DOCUMENT_ID, request.id())
            .setAttribute(GenAi.LANE, request.lane().name())
            .startSpan();
    ModelSpan started = new ModelSpan(tracer, span, start, content && span.isRecording());
    if (started.content) {
      MessageContent.ask(span, request);
    }
    return started;
  }

  /** The context in which the engine is called. */
  Context context() {
    return Context.current().with(span);
  }

  /** Ends it with an answer. */
  void answered(Completion completion, long nanos) {
    if (span.isRecording()) {
      TokenUsage usage = completion.usage();
      span.setAttribute(GenAi.FINISH_REASONS, List.of(finishReason(completion)));
      span.setAttribute(GenAi.INPUT_TOKENS, usage.input());
      span.setAttribute(GenAi.CACHED_TOKENS, usage.prefixReused() ? usage.prefix() : 0);
      span.setAttribute(GenAi.OUTPUT_TOKENS, usage.output());
      span.setAttribute(GenAi.REASONING_TOKENS, usage.reasoning());
      span.setAttribute(GenAi.FORCED_TOKENS, usage.forced());
      span.setAttribute(GenAi.REUSED, completion.reused());
      if (content) {
        MessageContent.answer(span, completion);
      }
      phases(completion.timings(), usage);
    }
    end(nanos);
  }

  /** Ends it without one. */
  void failed(String errorType, @Nullable String message, long nanos) {
    span.setAttribute(GenAi.ERROR_TYPE, errorType);
    span.setStatus(StatusCode.ERROR, message == null ? errorType : message);
    end(nanos);
  }

  /** How the generation ended, in the conventions' words where they have one. */
  static String finishReason(Completion completion) {
    return completion.finishReason() == FinishReason.COMPLETE ? "stop" : "reasoning_budget";
  }

  private void phases(Timings timings, TokenUsage usage) {
    Duration first = timings.timeToFirstToken();
    Timings.Phase reasoning = timings.reasoning();
    phase("queue", Duration.ZERO, timings.queued(), 0);
    phase("prefill", timings.queued(), first, usage.document());
    if (reasoning == null) {
      phase("answer", first, timings.total(), usage.answer());
    } else {
      if (reasoning.from().compareTo(first) > 0) {
        phase("answer", first, reasoning.from(), 0);
      }
      phase("reasoning", reasoning.from(), reasoning.until(), usage.reasoning());
      phase("answer", reasoning.until(), timings.total(), usage.answer());
    }
  }

  private void phase(String name, Duration from, Duration until, int tokens) {
    Span phase =
        tracer
            .spanBuilder(name)
            .setParent(Context.root().with(span))
            .setStartTimestamp(start.plus(from))
            .startSpan();
    if (tokens > 0) {
      phase.setAttribute(GenAi.TOKENS, tokens);
    }
    phase.end(start.plus(until));
  }

  private void end(long nanos) {
    span.end(start.plusNanos(nanos));
  }
}
