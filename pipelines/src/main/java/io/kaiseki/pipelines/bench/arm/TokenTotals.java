package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.TokenUsage;

/**
 * Tokens that a model computed for a number of documents.
 *
 * @param documents how many documents
 * @param prefix tokens of instructions that were read again for a document
 * @param read document tokens, with the end of the prompt
 * @param reasoned reasoning tokens that were sampled
 * @param sampled answer tokens that were sampled
 * @param forced answer tokens that the contract left no choice about
 */
public record TokenTotals(
    int documents, long prefix, long read, long reasoned, long sampled, long forced) {

  public static final TokenTotals NONE = new TokenTotals(0, 0, 0, 0, 0, 0);

  /** With one more document. */
  public TokenTotals plus(TokenUsage usage) {
    return new TokenTotals(
        documents + 1,
        prefix + (usage.prefixReused() ? 0 : usage.prefix()),
        read + usage.document(),
        reasoned + usage.reasoning(),
        sampled + usage.answer() - usage.forced(),
        forced + usage.forced());
  }
}
