package io.kaiseki.pipelines.kafka;

import java.time.Duration;

/**
 * Is told how far a topic has been read. Called by the thread that reads; what it throws ends the
 * reading.
 */
@FunctionalInterface
public interface ReadListener {

  /** Tells nobody. */
  ReadListener NONE = (done, total) -> {};

  /**
   * Called about twice a second, whether more has been read or not.
   *
   * @param done offsets that are behind the reader
   * @param total offsets from the topic's beginning to where it ended when the reading began
   */
  void read(long done, long total);

  /**
   * What is left stands behind transactions that are open. Told once.
   *
   * @param longest time for which it waits for them
   */
  default void awaitsTransactions(Duration longest) {}
}
