package io.kaiseki.pipelines.deadletters;

/** Is told how far a topic has been read. Called by the thread that reads. */
@FunctionalInterface
public interface ReadListener {

  /** Tells nobody. */
  ReadListener NONE = (done, total) -> {};

  /**
   * Some more has been read.
   *
   * @param done offsets that are behind the reader
   * @param total offsets from the topic's beginning to where it ended when the reading began
   */
  void read(long done, long total);
}
