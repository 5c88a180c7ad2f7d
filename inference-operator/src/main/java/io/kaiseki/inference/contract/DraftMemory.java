package io.kaiseki.inference.contract;

/**
 * What the decoders of a contract have learned together about how answers go on. It changes how
 * fast an answer is written, and nothing in it but for rounding. Belongs to one thread, as do they.
 */
public final class DraftMemory {

  private final DraftLengths lengths = new DraftLengths();
  private final EarlierTexts texts = new EarlierTexts();

  /** How far it pays to draft. */
  DraftLengths lengths() {
    return lengths;
  }

  /** The free texts of earlier answers. */
  EarlierTexts texts() {
    return texts;
  }
}
