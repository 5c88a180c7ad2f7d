package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * A document that was given to an engine.
 *
 * @param future its outcome
 */
public record EngineCall(CompletableFuture<Outcome> future) {

  private static final Duration DEADLINE = Duration.ofHours(6);

  /** Submits a document, to be computed whatever the engine has answered before. */
  public static EngineCall submit(
      InferenceEngine engine, Analysis analysis, String id, String document, Lane lane) {
    return new EngineCall(
        engine.submit(
            new CompletionRequest(
                id, analysis, document, Instant.now().plus(DEADLINE), lane, true)));
  }

  /** Has an answer counted when it comes; a failed or cancelled document is not counted. */
  public EngineCall counted(PassProgress progress) {
    future.thenAccept(
        outcome -> {
          if (outcome instanceof Outcome.Answered) {
            progress.answered();
          }
        });
    return this;
  }

  /**
   * Waits for the answer.
   *
   * @throws ArmFailedException if the document failed, also where the engine has ended by itself
   * @throws CancellationException if a stop was requested
   */
  public Completion await(PassProgress progress) {
    Outcome outcome = progress.await(future);
    if (outcome instanceof Outcome.Failed failed) {
      // A stop ends engines as well, so that documents may fail before it is seen.
      progress.check();
      throw new ArmFailedException(failed.reason() + ": " + failed.message());
    }
    return ((Outcome.Answered) outcome).completion();
  }

  /** Gives it up; its slot is free within a step. */
  public void cancel() {
    future.cancel(false);
  }
}
