package io.kaiseki.inference.privacy;

import java.util.function.Consumer;

/** Finds the values of one kind. Safe for use by several threads. */
interface Detector {

  /**
   * A value in a text.
   *
   * @param start index of its first character
   * @param end index behind its last character; over the start
   * @param kind name of the kind
   * @param identity equal for two ways to write the same value
   */
  record Found(int start, int end, String kind, String identity) {}

  /** Tells all values in the order in which they begin; they may overlap. */
  void find(String text, Consumer<Found> found);
}
