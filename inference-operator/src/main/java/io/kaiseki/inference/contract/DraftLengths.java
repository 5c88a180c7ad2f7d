package io.kaiseki.inference.contract;

import java.util.Arrays;

/**
 * How far it pays to draft how a value goes on, learned from value to value of a field: some fields
 * copy sentences, others a word. Belongs to one thread, as do the decoders that share it.
 */
final class DraftLengths {

  /** More would make long steps, in which others wait. */
  static final int MOST = 8;

  /** Of a field's first value nothing is known: half of a sentence. */
  private static final float FIRST = 4;

  /** How fast the mean follows: the last three drafts make up half of it. */
  private static final float WEIGHT = 0.2f;

  /** How fast what has been learned is forgotten while drafts find no room, so that one does. */
  private static final float FORGETTING = 0.02f;

  /** A draft that was right to its end might have gone on. */
  private static final int BEYOND = 2;

  private float[] means = {};

  /** How many tokens to draft in a state of the grammar. */
  int next(int state) {
    return Math.max(1, Math.min(MOST, Math.round(mean(state))));
  }

  /**
   * Learns how many of the tokens drafted in a state were right. A draft may have been shorter than
   * asked for, so one that was right in whole makes none shorter.
   */
  void learn(int state, int drafted, int right) {
    float mean = mean(state);
    float found = right == drafted ? Math.max(mean, right + BEYOND) : right;
    means[state] = mean + WEIGHT * (found - mean);
  }

  /** Says that a draft found no room in its step. */
  void skip(int state) {
    float mean = mean(state);
    means[state] = mean + FORGETTING * (FIRST - mean);
  }

  private float mean(int state) {
    if (state >= means.length) {
      int known = means.length;
      means = Arrays.copyOf(means, state + 1);
      Arrays.fill(means, known, means.length, FIRST);
    }
    return means[state];
  }
}
