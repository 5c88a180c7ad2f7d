package io.kaiseki.pipelines.backfill;

import java.util.Map;

/**
 * How far a run had come, as it was last noted. It decides nothing about documents; it tells a run
 * that has ended from one that has not begun and from one whose checkpoints were lost, since none
 * of them has a checkpoint.
 *
 * @param counts by the names of {@link Count}
 * @param checkpointed whether a checkpoint of the run has been seen
 */
record RunProgress(Map<Count, Long> counts, boolean checkpointed) {

  static final RunProgress NONE = new RunProgress(Map.of(), false);

  /**
   * Whether a run that has no checkpoint any more has ended, rather than lost it on the way, by a
   * rule that deletes what is old or by hand. In doubt it has not: one that begins anew skips what
   * has a result, but what is taken for done is never looked at again.
   *
   * @param planned documents of its plan; of a topic with gaps in its offsets, more than are there
   */
  boolean hasEnded(long planned) {
    Counts last = new Counts(counts);
    return checkpointed && last.isSettled() && last.of(Count.DOCUMENTS) >= planned;
  }
}
