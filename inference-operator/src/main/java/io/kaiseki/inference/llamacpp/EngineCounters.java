package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.TokenUsage;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what the engine does. One thread writes, but for failures and answers that are reused; any
 * thread reads.
 */
final class EngineCounters {

  private static final EngineStatistics NONE =
      new EngineStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

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
  private final LongAdder failed = new LongAdder();
  private final LongAdder reused = new LongAdder();
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

  void computed(TokenUsage usage) {
    documentTokens += usage.document();
    reasoningTokens += usage.reasoning();
    answerTokens += usage.answer();
    forcedTokens += usage.forced();
  }

  void answered() {
    answered++;
  }

  /** A request was answered with another's answer; any thread may say so. */
  void reused() {
    reused.increment();
  }

  /** Any thread may say so. */
  void failed() {
    failed.increment();
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
            0,
            0);
  }

  EngineStatistics published() {
    EngineStatistics owners = published;
    long answersReused = reused.sum();
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
        owners.answered() + answersReused,
        failed.sum(),
        answersReused);
  }
}
