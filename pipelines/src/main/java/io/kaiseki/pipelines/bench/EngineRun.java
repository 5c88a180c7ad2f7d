package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * One pass of a workload through an engine.
 *
 * @param documents documents that were answered
 * @param seconds from the first submission to the last answer; the model was loaded and the shared
 *     prefix decoded before
 * @param read document tokens that the model read
 * @param reasoned reasoning tokens that it sampled
 * @param sampled answer tokens that it sampled
 * @param forced answer tokens that the contract left no choice about
 */
public record EngineRun(
    int documents, double seconds, long read, long reasoned, long sampled, long forced) {

  private static final Duration DEADLINE = Duration.ofHours(6);

  /**
   * Runs a workload.
   *
   * @param progress hears how many documents are done; called on the engine's thread
   * @throws IllegalStateException if a document fails
   */
  static EngineRun of(EngineSource source, Workload workload, LongConsumer progress) {
    try (InferenceEngine engine = source.acquire()) {
      // The first document brings weights, caches and the prefix into place.
      answer(submit(engine, workload, 0));
      long start = System.nanoTime();
      List<CompletableFuture<Outcome>> futures = new ArrayList<>();
      long[] done = {0};
      for (int i = 0; i < workload.documents().size(); i++) {
        CompletableFuture<Outcome> future = submit(engine, workload, i);
        future.thenRun(() -> progress.accept(++done[0]));
        futures.add(future);
      }
      EngineRun run = new EngineRun(0, 0, 0, 0, 0, 0);
      for (CompletableFuture<Outcome> future : futures) {
        run = run.plus(answer(future).usage());
      }
      return run.in((System.nanoTime() - start) / 1e9);
    }
  }

  private static CompletableFuture<Outcome> submit(
      InferenceEngine engine, Workload workload, int document) {
    return engine.submit(
        new CompletionRequest(
            "bench-" + document,
            workload.analysis(),
            workload.documents().get(document),
            Instant.now().plus(DEADLINE),
            Lane.BACKFILL));
  }

  private static Completion answer(CompletableFuture<Outcome> future) {
    Outcome outcome = future.join();
    if (outcome instanceof Outcome.Failed failed) {
      throw new IllegalStateException(failed.reason() + ": " + failed.message());
    }
    return ((Outcome.Answered) outcome).completion();
  }

  private EngineRun plus(TokenUsage usage) {
    return new EngineRun(
        documents + 1,
        seconds,
        read + usage.document(),
        reasoned + usage.reasoning(),
        sampled + usage.answer() - usage.forced(),
        forced + usage.forced());
  }

  private EngineRun in(double time) {
    return new EngineRun(documents, time, read, reasoned, sampled, forced);
  }

  /** Documents a second. */
  public double rate() {
    return documents / seconds;
  }
}
