package io.kaiseki.inference;

/**
 * Measures documents of one analysis in the tokens of an engine's model. Safe for use by several
 * threads; an engine that can't count exactly estimates, and then rather too many than too few.
 */
public interface DocumentMeter {

  /** The most tokens that a document may have; under 1 where not even an empty one fits. */
  int room();

  /**
   * The most tokens that each of as many documents as the engine has slots may have, so that all of
   * them can run side by side; under 1 where they can't, and never more than {@link #room()}.
   */
  int sharedRoom();

  /**
   * The tokens that a text takes, alone and as a document. Takes time in proportion to the text.
   *
   * @throws IllegalStateException if the engine is closed
   */
  int tokens(String text);
}
