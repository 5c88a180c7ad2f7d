package io.kaiseki.inference;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Runs completions. One engine serves many callers: submissions may come from any thread, never
 * block on the model, and end in exactly one {@link Outcome} each.
 */
public interface InferenceEngine extends AutoCloseable {

  /**
   * Queues a request.
   *
   * @return a future that completes normally with the outcome, also when the request failed; it
   *     completes on the engine's own thread, so dependents must be short or move elsewhere.
   *     Cancelling it ends the work within one decode step and frees its slot. It fails with an
   *     {@link EngineUnavailableException} where the engine finds that it can run no request with
   *     its settings any more, as where all servers refuse the key: the document has no outcome
   *     then, and is not at fault.
   * @throws IllegalStateException if the engine is closed
   */
  CompletableFuture<Outcome> submit(CompletionRequest request);

  /**
   * Measures documents of an analysis, for those who cut long ones into parts; callable from any
   * thread.
   *
   * @return empty, the default, where the engine can't tell how long a document may be
   * @throws IllegalArgumentException if the engine can't run the analysis
   * @throws IllegalStateException if the engine is closed
   */
  default Optional<DocumentMeter> meter(Analysis analysis) {
    return Optional.empty();
  }

  /**
   * Finds out whether an analysis can be run at all, before its first document; callable from any
   * thread, and may take as long as that document would.
   *
   * @return why every document would fail, and what to do; empty where one can be answered, and
   *     where the engine can't know, as by default
   * @throws IllegalStateException if the engine is closed
   */
  default Optional<String> unsupported(Analysis analysis) {
    return Optional.empty();
  }

  /**
   * Whether the engine has ended and will answer nothing any more, while the caller still holds it:
   * the process ends, or it has failed. Who acquires it anew has another one. Cheap, callable from
   * any thread; never so, the default, where an engine can't fail as a whole.
   */
  default boolean ended() {
    return false;
  }

  /** What this engine is: model, build, limits. Constant over its life. */
  EngineDescription description();

  /** Counters and gauges as of now; cheap, callable from any thread. */
  EngineStatistics statistics();

  /**
   * Releases the caller's hold. The engine ends some time after the last hold is gone, so that a
   * restarted job finds it running; then requests that are still open fail as {@link
   * FailureReason#CANCELLED} and native memory is freed, all within a bound. A caller cancels its
   * own requests before it closes.
   */
  @Override
  void close();
}
