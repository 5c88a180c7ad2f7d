package io.kaiseki.inference.cascade;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentMeter;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.opentelemetry.context.Context;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the first engine answer, and asks the second where the least sure label of that answer, those
 * in lists included, has less probability than the threshold. Where the second gives no answer, the
 * first one's stands. An answer without confidences is never unsure.
 *
 * <p>It describes itself, measures documents and counts as the first engine does. Both share the
 * request's deadline.
 */
public final class CascadeEngine implements InferenceEngine {

  private static final Logger LOG = LoggerFactory.getLogger(CascadeEngine.class);

  private final InferenceEngine first;
  private final InferenceEngine second;
  private final double threshold;

  private CascadeEngine(InferenceEngine first, InferenceEngine second, double threshold) {
    this.first = first;
    this.second = second;
    this.threshold = threshold;
  }

  /**
   * Where to get the two engines as one.
   *
   * @param threshold probability, over 0 and at most 1
   * @throws IllegalArgumentException if the threshold is none
   */
  public static EngineSource source(EngineSource first, EngineSource second, double threshold) {
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "the threshold of a cascade must be over 0 and at most 1, but is " + threshold);
    }
    return () -> acquire(first, second, threshold);
  }

  private static InferenceEngine acquire(
      EngineSource first, EngineSource second, double threshold) {
    InferenceEngine local = first.acquire();
    try {
      return new CascadeEngine(local, second.acquire(), threshold);
    } catch (EngineUnavailableException e) {
      local.close();
      throw new EngineUnavailableException("cascade: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      local.close();
      throw e;
    }
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    Escalating escalating = new Escalating(request);
    escalating.begin(first.submit(request));
    return escalating.result;
  }

  @Override
  public Optional<DocumentMeter> meter(Analysis analysis) {
    return first.meter(analysis);
  }

  /** An analysis that either of them can't run; without the second, the first alone would do. */
  @Override
  public Optional<String> unsupported(Analysis analysis) {
    return first
        .unsupported(analysis)
        .or(() -> second.unsupported(analysis).map(why -> "cascade: " + why));
  }

  /** Once either of them has: without the second, every answer would be the first one's. */
  @Override
  public boolean ended() {
    return first.ended() || second.ended();
  }

  @Override
  public EngineDescription description() {
    return first.description();
  }

  @Override
  public EngineStatistics statistics() {
    return first.statistics();
  }

  @Override
  public void close() {
    try {
      second.close();
    } finally {
      first.close();
    }
  }

  /** One request on its way through one engine or both. */
  private final class Escalating {
    private final CompletionRequest request;
    private final CompletableFuture<Outcome> result = new CompletableFuture<>();

    /** The second engine is asked by a thread of the first, which knows nothing of the trace. */
    private final Context trace = Context.current();

    private volatile @Nullable Future<?> running;

    Escalating(CompletionRequest request) {
      this.request = request;
    }

    void begin(CompletableFuture<Outcome> submitted) {
      running = submitted;
      result.whenComplete((outcome, error) -> cancelIfCancelled());
      submitted.whenComplete(
          (outcome, error) -> {
            if (error != null) {
              result.completeExceptionally(error);
            } else if (outcome instanceof Outcome.Answered answered
                && answered.completion().leastConfidence() < threshold) {
              askSecond(answered);
            } else {
              result.complete(outcome);
            }
          });
    }

    private void askSecond(Outcome.Answered unsure) {
      CompletableFuture<Outcome> submitted;
      try {
        submitted = trace.wrapSupplier(() -> second.submit(request)).get();
      } catch (RuntimeException e) {
        notEscalated(unsure, e);
        return;
      }
      running = submitted;
      cancelIfCancelled();
      submitted.whenComplete(
          (outcome, error) -> {
            if (outcome instanceof Outcome.Answered answered) {
              result.complete(escalated(unsure.completion(), answered.completion()));
            } else if (outcome instanceof Outcome.Failed failed) {
              LOG.info(
                  "event=not-escalated document={} reason={} message={}",
                  request.id(),
                  failed.reason(),
                  failed.message());
              result.complete(unsure);
            } else {
              notEscalated(unsure, error);
            }
          });
    }

    /** The second engine can't answer at all; its message may be of anything, and is left out. */
    private void notEscalated(Outcome.Answered unsure, @Nullable Throwable cause) {
      if (result.complete(unsure)) {
        LOG.info(
            "event=not-escalated document={} cause={}",
            request.id(),
            cause == null ? "none" : cause.getClass().getName());
      }
    }

    private void cancelIfCancelled() {
      Future<?> work = running;
      if (result.isCancelled() && work != null) {
        work.cancel(false);
      }
    }

    private Outcome escalated(Completion unsure, Completion answered) {
      return new Outcome.Answered(
          answered.withEscalation(
              new Escalation(
                  second.description(),
                  unsure.usage(),
                  unsure.timings().total(),
                  unsure.leastConfidence())));
    }
  }
}
