package io.kaiseki.inference.contract;

/** A model's tokens, as far as a constraint needs them. Implementations are thread-safe. */
public interface Vocabulary {

  /** Number of tokens; ids run from 0. */
  int size();

  /**
   * The bytes of a token; empty for control, user-defined and unused tokens, which never occur in
   * an answer.
   */
  byte[] bytes(int token);

  /** The model's own tokens for a text; control tokens are never parsed from it. */
  int[] tokenize(String text);
}
