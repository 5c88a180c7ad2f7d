package io.kaiseki.inference;

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
   *     Cancelling it ends the work within one decode step and frees its slot.
   * @throws IllegalStateException if the engine is closed
   */
  CompletableFuture<Outcome> submit(CompletionRequest request);

  /** What this engine is: model, build, limits. Constant over its life. */
  EngineDescription description();

  /** Counters and gauges as of now; cheap, callable from any thread. */
  EngineStatistics statistics();

  /**
   * Releases the caller's hold. The engine itself ends with the last hold: running requests fail as
   * {@link FailureReason#CANCELLED}, native memory is freed in reverse order, all within a bound.
   */
  @Override
  void close();
}
