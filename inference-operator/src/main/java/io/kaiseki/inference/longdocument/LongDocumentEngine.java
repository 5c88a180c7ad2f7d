package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.ForwardingEngine;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.Outcome;
import io.opentelemetry.context.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Stands before an engine and keeps to the {@linkplain LongDocuments analysis' policy} for the
 * documents that the engine finds {@linkplain FailureReason#TOO_LONG too long}. All others, and all
 * documents of an engine that has no {@linkplain InferenceEngine#meter meter}, pass as they are.
 *
 * <p>A document that is split becomes as many requests, with the same analysis, lane and deadline;
 * at most half of the engine's slots work on it at the same time, so that those behind it go on.
 * They share its end: the first part that fails fails the document, and cancelling the document
 * ends them all within one decode step. How the answers are merged is told in {@link AnswerMerger}
 * and {@link PartialTexts}.
 *
 * <p>Cutting and merging happen on a thread of this engine, which lives only while there is work
 * for it; futures of long documents complete on that one.
 */
public final class LongDocumentEngine extends ForwardingEngine {

  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor steps;

  private LongDocumentEngine(InferenceEngine engine) {
    super(engine);
    steps =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "kaiseki-long-documents");
              thread.setDaemon(true);
              return thread;
            });
    steps.allowCoreThreadTimeOut(true);
  }

  /**
   * Puts the policy for long documents before an engine.
   *
   * @param engine the caller's hold; it is closed with the returned one
   */
  public static InferenceEngine around(InferenceEngine engine) {
    return new LongDocumentEngine(engine);
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    long submittedNanos = System.nanoTime();
    CompletableFuture<Outcome> whole = engine.submit(request);
    if (request.analysis().longDocuments() == LongDocuments.REFUSE) {
      return whole;
    }
    // The parts belong to the trace of the document, whatever thread submits them.
    Executor traced = Context.current().wrap(steps);
    CompletableFuture<Outcome> result = new CompletableFuture<>();
    result.whenComplete(
        (outcome, error) -> {
          if (result.isCancelled()) {
            whole.cancel(false);
          }
        });
    whole.whenComplete(
        (outcome, error) -> {
          if (error != null) {
            result.completeExceptionally(error);
          } else if (tooLong(outcome)) {
            begin(
                new LongDocument(engine, request, submittedNanos, traced, result), traced, outcome);
          } else {
            result.complete(outcome);
          }
        });
    return result;
  }

  private static boolean tooLong(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed && failed.reason() == FailureReason.TOO_LONG;
  }

  private static void begin(LongDocument document, Executor steps, Outcome tooLong) {
    try {
      steps.execute(() -> document.start(tooLong));
    } catch (RejectedExecutionException e) {
      document.closed();
    }
  }

  @Override
  public void close() {
    steps.shutdown();
    super.close();
  }
}
