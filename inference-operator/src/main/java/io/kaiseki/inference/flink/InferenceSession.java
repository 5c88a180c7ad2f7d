package io.kaiseki.inference.flink;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.policy.PolicyEngine;
import io.kaiseki.inference.telemetry.GenAi;
import io.opentelemetry.api.trace.Tracer;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.util.function.SerializableFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subtask's hold on an engine, from open to close, and the documents it has there. {@link
 * #start}, {@link #expire} and {@link #close} are called on the task's thread; documents end on the
 * engine's. Where no operator brings a timer along, {@link #expireInTime} sets one.
 */
final class InferenceSession<T> {

  private static final Logger LOG = LoggerFactory.getLogger(InferenceSession.class);

  private final InferenceOptions<T> options;
  private final InferenceEngine engine;
  private final InferenceMetrics metrics;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor timers;
  private final Tracer tracer = GenAi.openTelemetry().getTracer(GenAi.SCOPE);

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
    this.timers =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "inference-retries " + subtask);
              thread.setDaemon(true);
              return thread;
            });
    timers.setRemoveOnCancelPolicy(true);
  }

  /**
   * Takes a hold on the engine that the options name, if it can run the analysis.
   *
   * @param task name of the task, for messages
   * @param subtask name of the task with its subtask, for logs and threads
   * @throws InferenceUnavailableException if the engine can't start, or every document would fail
   */
  static <T> InferenceSession<T> open(
      InferenceOptions<T> options, MetricGroup metrics, Clock clock, String task, String subtask) {
    InferenceEngine engine;
    try {
      engine = supporting(options.analysis(), options.engine());
    } catch (EngineUnavailableException e) {
      throw new InferenceUnavailableException(task, e);
    }
    String analysis = options.analysis().name();
    int slots = engine.description().slots();
    LOG.info(
        "engine acquired subtask={} analysis={} model={} slots={} capacity={}",
        subtask,
        analysis,
        engine.description().model(),
        slots,
        options.capacity());
    if (options.capacity() < slots) {
      LOG.warn(
          "slots stay idle subtask={} slots={} capacity={}: raise the capacity to about three times"
              + " the slots",
          subtask,
          slots,
          options.capacity());
    }
    return new InferenceSession<>(
        options, engine, new InferenceMetrics(metrics, analysis, engine), clock, subtask);
  }

  private static InferenceEngine supporting(Analysis analysis, EngineSource source) {
    InferenceEngine engine = PolicyEngine.around(source.acquire());
    try {
      engine
          .unsupported(analysis)
          .ifPresent(
              why -> {
                throw new EngineUnavailableException(why);
              });
      return engine;
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
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
    DocumentSpan span = DocumentSpan.start(tracer, () -> options.trace().apply(input), request);
    var document = new DocumentInFlight<>(this, input, request, span, result);
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

  /** Expires a document when its deadline and the grace after it are over, unless it ends first. */
  Optional<Future<?>> expireInTime(ResultFuture<Inferred<T, Outcome>> result) {
    long nanos = options.deadline().plus(options.grace()).toNanos();
    try {
      return Optional.of(timers.schedule(() -> expire(result), nanos, TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException e) {
      LOG.debug("no timer, the task ends");
      return Optional.empty();
    }
  }

  /** Gives one document up without an outcome. */
  void abandon(ResultFuture<Inferred<T, Outcome>> result) {
    DocumentInFlight<T> document = inFlight.remove(result);
    if (document != null) {
      document.abandon();
    }
  }

  /**
   * Gives up all documents without an outcome, so that a recovery does them again, and lets the
   * engine go.
   */
  void close() {
    timers.shutdownNow();
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
    return timers.schedule(document::attempt, options.backoff().toNanos(), TimeUnit.NANOSECONDS);
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
