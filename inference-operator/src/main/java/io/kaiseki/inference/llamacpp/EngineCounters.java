package io.kaiseki.inference.llamacpp;

import io.kaiseki.inference.EngineStatistics;
import io.kaiseki.inference.TokenUsage;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what the engine does. One thread writes, but for failures and answers that are reused; any
 * thread reads.
 */
final class EngineCounters {

  private long decodes;
  private long batchTokens;
  private long prefixTokens;
  private long prefixDecodes;
  private long prefixHits;
  private long documentTokens;
  private long reasoningTokens;
  private long answerTokens;
  private long forcedTokens;
  private long draftedTokens;
  private long acceptedTokens;
  private long answered;
  private final LongAdder failed = new LongAdder();
  private final LongAdder reused = new LongAdder();
  private volatile EngineStatistics published = EngineStatistics.NONE;

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

  void drafted(int tokens) {
    draftedTokens += tokens;
  }

  void accepted(int tokens) {
    acceptedTokens += tokens;
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
            draftedTokens,
            acceptedTokens,
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
        owners.draftedTokens(),
        owners.acceptedTokens(),
        owners.answered() + answersReused,
        failed.sum(),
        answersReused);
  }
}
