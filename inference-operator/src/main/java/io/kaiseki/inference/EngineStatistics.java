package io.kaiseki.inference;

/**
 * Counters since the engine started, and gauges as of now.
 *
 * @param slotsBusy slots that run a request (gauge)
 * @param queued requests that wait for a slot (gauge)
 * @param decodes calls of the model
 * @param batchTokens tokens over all those calls; divided by {@code decodes}, the mean batch size
 * @param prefixTokens tokens of the prefixes decoded
 * @param prefixDecodes shared prefixes decoded, each to its end
 * @param prefixHits requests whose prefix was there for another one, decoded or about to be
 * @param documentTokens document tokens decoded
 * @param reasoningTokens reasoning tokens sampled
 * @param answerTokens answer tokens, forced ones included
 * @param forcedTokens answer tokens that the contract left no choice about
 * @param draftedTokens tokens that were read ahead of the model's choice, where an answer copies
 *     the document or is like earlier ones
 * @param acceptedTokens answer tokens, of those drafted, that the model would have chosen: each
 *     saved a step
 * @param answered requests that were answered
 * @param failed requests that failed
 * @param reused requests, of those answered, that were given the answer of an identical document;
 *     they took no tokens
 */
public record EngineStatistics(
    int slotsBusy,
    int queued,
    long decodes,
    long batchTokens,
    long prefixTokens,
    long prefixDecodes,
    long prefixHits,
    long documentTokens,
    long reasoningTokens,
    long answerTokens,
    long forcedTokens,
    long draftedTokens,
    long acceptedTokens,
    long answered,
    long failed,
    long reused) {

  /** Of an engine that has done nothing yet. */
  public static final EngineStatistics NONE =
      new EngineStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
