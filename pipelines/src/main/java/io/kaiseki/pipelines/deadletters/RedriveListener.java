package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.kafka.ReadListener;

/** Is told how a redrive goes on. Called by the thread that redrives. */
public interface RedriveListener extends ReadListener {

  /** Tells nobody. */
  RedriveListener NONE = (done, total) -> {};

  /**
   * A transaction holds so many records, which the broker has; it is committed next.
   *
   * @param letters letters of it
   */
  default void committing(int letters) {}
}
