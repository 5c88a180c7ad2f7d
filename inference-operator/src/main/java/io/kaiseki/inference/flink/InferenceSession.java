package io.kaiseki.inference.flink;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.util.function.SerializableFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subtask's hold on an engine, from open to close, and the documents it has there. {@link
 * #start}, {@link #expire} and {@link #close} are called on the task's thread; documents end on the
 * engine's.
 */
final class InferenceSession<T> {

  private static final Logger LOG = LoggerFactory.getLogger(InferenceSession.class);

  private final InferenceOptions<T> options;
  private final InferenceEngine engine;
  private final InferenceMetrics metrics;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor retries;

  /** By Flink's handle of a document, the only thing that a timeout brings along. */
  private final Map<ResultFuture<Inferred<T, Outcome>>, DocumentInFlight<T>> inFlight =
      new ConcurrentHashMap<>();

  InferenceSession(
      InferenceOptions<T> options,
      InferenceEngine engine,
      InferenceMetrics metrics,
      Clock clock,
      String subtask) {
    this.options = options;
    this.engine = engine;
    this.metrics = metrics;
    this.clock = clock;
    this.retries =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "inference-retries " + subtask);
              thread.setDaemon(true);
              return thread;
            });
    retries.setRemoveOnCancelPolicy(true);
  }

  /** Gives a document to the engine; {@code result} is completed once, at the latest by expiry. */
  void start(T input, ResultFuture<Inferred<T, Outcome>> result) {
    CompletionRequest request;
    try {
      request =
          new CompletionRequest(
              read("documentId", options.documentId(), input),
              options.analysis(),
              read("text", options.text(), input),
              clock.instant().plus(options.deadline()),
              read("lane", options.lane(), input));
    } catch (UnreadableDocumentException e) {
      LOG.debug("document refused", e);
      var failed = new Outcome.Failed(FailureReason.UNDECODABLE, e.getMessage());
      var inferred = new Inferred<T, Outcome>(input, failed, 0, engine.description());
      result.complete(() -> metrics.ended(inferred, 0));
      return;
    }
    var document = new DocumentInFlight<>(this, input, request, result);
    inFlight.put(result, document);
    document.attempt();
  }

  /** Flink's timer for a document went off. */
  void expire(ResultFuture<Inferred<T, Outcome>> result) {
    DocumentInFlight<T> document = inFlight.get(result);
    // None: it has ended on the engine's thread, and its completion is on its way.
    if (document != null) {
      document.expire();
    }
  }

  /**
   * Gives up all documents without an outcome, so that a recovery does them again, and lets the
   * engine go.
   */
  void close() {
    retries.shutdownNow();
    inFlight.values().forEach(DocumentInFlight::abandon);
    inFlight.clear();
    try {
      engine.close();
    } catch (RuntimeException e) {
      // The documents are safe either way; failing a finished task would do them all again.
      LOG.warn("engine did not close cleanly model={}", engine.description().model(), e);
    }
  }

  InferenceOptions<T> options() {
    return options;
  }

  InferenceEngine engine() {
    return engine;
  }

  InferenceMetrics metrics() {
    return metrics;
  }

  Clock clock() {
    return clock;
  }

  /** Tries a document again after the backoff. */
  Future<?> retry(DocumentInFlight<T> document) {
    metrics.retried();
    return retries.schedule(document::attempt, options.backoff().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A document has ended; its timeout has nothing to do any more. */
  void forget(ResultFuture<Inferred<T, Outcome>> result) {
    inFlight.remove(result);
  }

  // Jobs bring these functions; whatever they throw concerns one document, not the job.
  private <R> R read(String option, SerializableFunction<? super T, R> function, T input)
      throws UnreadableDocumentException {
    R value;
    try {
      value = function.apply(input);
    } catch (Exception e) {
      throw new UnreadableDocumentException(option, e);
    }
    if (value == null) {
      throw new UnreadableDocumentException(option);
    }
    return value;
  }

  private static final class UnreadableDocumentException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableDocumentException(String option) {
      super("the function given as " + option + " returned null for the document");
    }

    // The cause's own message may quote the document, so only its class and place are told.
    UnreadableDocumentException(String option, Exception cause) {
      super(
          "the function given as "
              + option
              + " threw "
              + cause.getClass().getName()
              + (cause.getStackTrace().length == 0 ? "" : " at " + cause.getStackTrace()[0])
              + " for the document",
          cause);
    }
  }
}
