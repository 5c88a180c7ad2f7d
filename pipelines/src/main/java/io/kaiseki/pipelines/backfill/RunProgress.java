package io.kaiseki.pipelines.backfill;

import java.util.Map;

/**
 * How far a run had come, as it was last noted. It decides nothing about documents; it tells a run
 * that has ended from one that has not begun, since neither has a checkpoint.
 *
 * @param counts by the names of {@link Count}
 * @param checkpointed whether a checkpoint of the run has been seen
 */
record RunProgress(Map<Count, Long> counts, boolean checkpointed) {

  static final RunProgress NONE = new RunProgress(Map.of(), false);
}
