package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;

/**
 * Answers the workloads' documents at once, all alike. A document takes as many tokens as it has
 * characters, and its answer half as many; instructions take 400.
 */
public final class PlainEngine implements InferenceEngine {

  private static final GenericRecord ANSWER =
      Workload.named("triage", 1)
          .orElseThrow()
          .analysis()
          .contract()
          .read(
              """
              {"sentiment": "mixed", "urgency": "low", "category": "other", "needsHuman": true,
               "product": "p", "summary": "s"}
              """
                  .getBytes(StandardCharsets.UTF_8));

  private final Predicate<String> late;

  /** Answers every document. */
  public PlainEngine() {
    this(id -> false);
  }

  /**
   * @param late the ids of documents that fail as late
   */
  public PlainEngine(Predicate<String> late) {
    this.late = late;
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    if (late.test(request.id())) {
      return CompletableFuture.completedFuture(
          new Outcome.Failed(FailureReason.DEADLINE, "too late"));
    }
    int characters = request.document().length();
    return CompletableFuture.completedFuture(
        new Outcome.Answered(
            new Completion(
                ANSWER,
                List.of(),
                null,
                new TokenUsage(400, true, characters, 0, characters / 2, 0),
                FinishReason.COMPLETE,
                new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO))));
  }

  @Override
  public EngineDescription description() {
    return new EngineDescription("plain", "of the test", "none", "", 2, 1024);
  }

  @Override
  public EngineStatistics statistics() {
    return EngineStatistics.NONE;
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
