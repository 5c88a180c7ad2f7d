package io.kaiseki.inference;

/**
 * Tokens by phase.
 *
 * @param prefix tokens of the shared instructions in front of the document
 * @param prefixReused whether another request had brought those, so that they were read for both,
 *     be it before or while this one ran
 * @param document tokens of the document and the end of the prompt
 * @param reasoning tokens of reasoning, its forced close excluded
 * @param answer tokens of the answer, forced ones included
 * @param forced tokens of the answer that needed no sampling
 */
public record TokenUsage(
    int prefix, boolean prefixReused, int document, int reasoning, int answer, int forced) {

  /** No tokens at all: those of an answer that was reused. */
  public static final TokenUsage NONE = new TokenUsage(0, false, 0, 0, 0, 0);

  /** The sum; a prefix counts as reused where it was in both. */
  public TokenUsage plus(TokenUsage other) {
    return new TokenUsage(
        prefix + other.prefix,
        prefixReused && other.prefixReused,
        document + other.document,
        reasoning + other.reasoning,
        answer + other.answer,
        forced + other.forced);
  }

  /** Tokens of the prompt. */
  public int input() {
    return prefix + document;
  }

  /** Tokens that came out: reasoning and answer. */
  public int output() {
    return reasoning + answer;
  }
}
