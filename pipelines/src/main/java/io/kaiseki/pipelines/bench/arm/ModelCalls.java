package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.EngineStatistics;

/**
 * How an engine called its model during a pass.
 *
 * @param calls calls of the model
 * @param tokens tokens over all of them. Those beyond what was read, reasoned, sampled and forced
 *     are probes, which are branches of a decision that are read to weigh labels that begin alike,
 *     and tokens that were drafted wrong
 * @param drafted tokens of answers that were drafted
 * @param accepted tokens, of those drafted, that were right
 */
public record ModelCalls(long calls, long tokens, long drafted, long accepted) {

  /** What lies between two readings of an engine's counters. */
  static ModelCalls between(EngineStatistics before, EngineStatistics after) {
    return new ModelCalls(
        after.decodes() - before.decodes(),
        after.batchTokens() - before.batchTokens(),
        after.draftedTokens() - before.draftedTokens(),
        after.acceptedTokens() - before.acceptedTokens());
  }
}
