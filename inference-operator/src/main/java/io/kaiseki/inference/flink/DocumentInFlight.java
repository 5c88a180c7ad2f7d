package io.kaiseki.inference.flink;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.streaming.api.functions.async.CollectionSupplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One document from its first attempt to its only outcome.
 *
 * <p>Three threads meet here: the task's (first attempt, expiry, abandonment), the retry thread
 * (further attempts) and the engine's (outcomes). Attempts follow one another, since the next is
 * scheduled by the end of the one before; whichever thread sets {@link #ended} first decides how
 * the document ends, and the others find nothing left to do.
 */
final class DocumentInFlight<T> {

  private static final Logger LOG = LoggerFactory.getLogger(DocumentInFlight.class);

  private final InferenceSession<T> session;
  private final T input;
  private final CompletionRequest request;
  private final DocumentSpan span;
  private final ResultFuture<Inferred<T, Outcome>> result;
  private final long startNanos = System.nanoTime();

  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile int attempts;

  // Two fields, since a retry may already have submitted its call when the thread that scheduled it
  // comes to note it here.
  private volatile @Nullable Future<?> call;
  private volatile @Nullable Future<?> retry;

  DocumentInFlight(
      InferenceSession<T> session,
      T input,
      CompletionRequest request,
      DocumentSpan span,
      ResultFuture<Inferred<T, Outcome>> result) {
    this.session = session;
    this.input = input;
    this.request = request;
    this.span = span;
    this.result = result;
  }

  /** Asks the engine, unless the document has ended meanwhile. */
  void attempt() {
    if (ended.get()) {
      return;
    }
    attempts = attempts + 1;
    CompletableFuture<Outcome> submitted;
    try {
      submitted = span.context().wrapSupplier(() -> session.engine().submit(request)).get();
    } catch (IllegalStateException | Error e) {
      failTask("the engine takes no requests any more", e);
      return;
    } catch (RuntimeException e) {
      attemptEnded(faultOf(e));
      return;
    }
    call = submitted;
    if (ended.get()) {
      submitted.cancel(false);
      return;
    }
    submitted.whenComplete(
        (outcome, error) -> {
          if (error == null) {
            attemptEnded(outcome);
          } else {
            attemptBroke(causeOf(error));
          }
        });
  }

  /** Ends the document as late. The engine should have done so at the deadline itself. */
  void expire() {
    end(
        new Outcome.Failed(
            FailureReason.DEADLINE,
            "no outcome within the deadline of "
                + session.options().deadline()
                + " and "
                + session.options().grace()
                + " of grace after it, in attempt "
                + attempts
                + "; raise the deadline, or lower the capacity if documents wait for slots"));
    cancel();
  }

  /** Gives the document up without an outcome: the task ends, and a recovery does it again. */
  void abandon() {
    if (!ended.getAndSet(true)) {
      span.abandoned();
    }
    cancel();
  }

  private void attemptEnded(Outcome outcome) {
    if (ended.get()) {
      return;
    }
    if (outcome instanceof Outcome.Failed failed) {
      if (failed.reason() == FailureReason.CANCELLED) {
        // Nobody here cancelled it, so the engine closed under a running task.
        failTask(failed.message(), null);
        return;
      }
      if (failed.reason().retryable() && mayRetry()) {
        scheduleRetry(failed);
        return;
      }
    }
    end(outcome);
  }

  private void attemptBroke(Throwable cause) {
    if (cause instanceof EngineUnavailableException unavailable) {
      // The next document would meet the same: dead letters would be all of them.
      failTask("the engine is unavailable", new InferenceUnavailableException(unavailable));
    } else {
      attemptEnded(failureOf(cause));
    }
  }

  private boolean mayRetry() {
    Instant next = session.clock().instant().plus(session.options().backoff());
    return attempts < session.options().maxAttempts() && next.isBefore(request.deadline());
  }

  private void scheduleRetry(Outcome.Failed failed) {
    LOG.info(
        "attempt failed id={} attempt={} reason={} message={}",
        request.id(),
        attempts,
        failed.reason(),
        failed.message());
    try {
      retry = session.retry(this);
    } catch (RejectedExecutionException e) {
      LOG.debug("no further attempt, the task ends id={}", request.id());
      return;
    }
    if (ended.get()) {
      cancel();
    }
  }

  private void end(Outcome outcome) {
    if (ended.compareAndSet(false, true)) {
      long nanos = System.nanoTime() - startNanos;
      span.ended(outcome, attempts);
      var inferred =
          new Inferred<>(input, outcome, attempts, session.engine().description(), span.trace());
      complete(() -> session.metrics().ended(inferred, nanos));
    }
  }

  /**
   * Fails the task, so that a recovery does the document again. Not by completeExceptionally: that
   * writes the document into the log, and lets go of it before the task has failed.
   */
  private void failTask(String message, @Nullable Throwable cause) {
    if (ended.compareAndSet(false, true)) {
      span.abandoned();
      complete(
          () -> {
            throw new IllegalStateException(
                "document " + request.id() + " has no outcome: " + message, cause);
          });
    }
  }

  /** Hands over to the task's thread; little is done on the engine's. */
  private void complete(CollectionSupplier<Inferred<T, Outcome>> supplier) {
    session.forget(result);
    try {
      result.complete(supplier);
    } catch (RejectedExecutionException e) {
      LOG.debug("outcome dropped, the task ends and a recovery asks again id={}", request.id());
    }
  }

  private void cancel() {
    Future<?> running = call;
    if (running != null) {
      running.cancel(false);
    }
    Future<?> waiting = retry;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  private static Throwable causeOf(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  private Outcome failureOf(Throwable cause) {
    return cause instanceof CancellationException
        ? new Outcome.Failed(FailureReason.CANCELLED, "the engine cancelled the request")
        : faultOf(cause);
  }

  // Engines report failures as outcomes. One that throws breaks its contract, and its message may
  // quote the document: only the class goes on.
  private Outcome faultOf(Throwable error) {
    LOG.debug("engine threw id={}", request.id(), error);
    return new Outcome.Failed(
        FailureReason.ENGINE_FAULT, "the engine threw " + error.getClass().getName());
  }
}
