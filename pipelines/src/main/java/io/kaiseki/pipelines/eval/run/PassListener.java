package io.kaiseki.pipelines.eval.run;

/** Hears where an evaluation stands. Called on the evaluation's own thread. */
public interface PassListener {

  /**
   * A run begins, over all documents or, where policies take turns, over a part of them.
   *
   * @param number which one, from 1
   * @param of how many there will be
   * @param policy the reasoning policy, such as {@code always(256)}
   */
  void begins(int number, int of, String policy);

  /** So many documents have an outcome. */
  void documents(long done, long total);

  /** The run is done. */
  void ends();
}
