package io.kaiseki.pipelines.backfill;

/**
 * A stretch of a partition.
 *
 * @param from first offset
 * @param to the offset after the last
 */
public record TopicRange(int partition, long from, long to) {

  /** Offsets in it; some may hold no record. */
  long length() {
    return Math.max(0, to - from);
  }
}
