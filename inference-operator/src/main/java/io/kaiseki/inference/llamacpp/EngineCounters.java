package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.TokenUsage;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what the engine does. One thread writes, but for refusals; any thread reads. */
final class EngineCounters {

  private static final EngineStatistics NONE =
      new EngineStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private long decodes;
  private long batchTokens;
  private long prefixTokens;
  private long prefixDecodes;
  private long prefixHits;
  private long documentTokens;
  private long reasoningTokens;
  private long answerTokens;
  private long forcedTokens;
  private long answered;
  private long failed;
  private final AtomicLong refused = new AtomicLong();
  private volatile EngineStatistics published = NONE;

  void decoded(int tokens) {
    decodes++;
    batchTokens += tokens;
  }

  void prefixDecoded(int tokens) {
    prefixDecodes++;
    prefixTokens += tokens;
  }

  void prefixHit() {
    prefixHits++;
  }

  void answered(TokenUsage usage) {
    answered++;
    documentTokens += usage.document();
    reasoningTokens += usage.reasoning();
    answerTokens += usage.answer();
    forcedTokens += usage.forced();
  }

  void failed() {
    failed++;
  }

  /** A request failed before it reached the engine's thread; any thread may say so. */
  void refused() {
    refused.incrementAndGet();
  }

  void publish(int slotsBusy, int queued) {
    published =
        new EngineStatistics(
            slotsBusy,
            queued,
            decodes,
            batchTokens,
            prefixTokens,
            prefixDecodes,
            prefixHits,
            documentTokens,
            reasoningTokens,
            answerTokens,
            forcedTokens,
            answered,
            failed);
  }

  EngineStatistics published() {
    EngineStatistics owners = published;
    return new EngineStatistics(
        owners.slotsBusy(),
        owners.queued(),
        owners.decodes(),
        owners.batchTokens(),
        owners.prefixTokens(),
        owners.prefixDecodes(),
        owners.prefixHits(),
        owners.documentTokens(),
        owners.reasoningTokens(),
        owners.answerTokens(),
        owners.forcedTokens(),
        owners.answered(),
        owners.failed() + refused.get());
  }
}
