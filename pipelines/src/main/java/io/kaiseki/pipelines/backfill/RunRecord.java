package io.kaiseki.pipelines.backfill;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run has begun with, written once.
 *
 * @param fingerprint of its options and its analysis
 * @param cluster id of the Kafka cluster; null where it has none, and in records of runs that were
 *     begun before it was kept
 * @param documents documents that it goes through, as far as that could be told beforehand
 * @param ranges what it reads of a topic; empty where it reads files
 */
record RunRecord(
    String fingerprint, @Nullable String cluster, long documents, List<TopicRange> ranges) {

  /**
   * Why the run can't go on so; empty if it can. On another cluster it would leave out what it has
   * written to the first.
   */
  Optional<String> mismatch(String fingerprint, Optional<String> cluster) {
    if (!this.fingerprint.equals(fingerprint)) {
      return Optional.of(
          "was begun with another analysis, source or options; finish it with those, or choose"
              + " another name");
    }
    return cluster
        .filter(id -> this.cluster != null && !this.cluster.equals(id))
        .map(
            id ->
                ("was begun on another Kafka cluster (%s, and this is %s); finish it there, or choose"
                        + " another name")
                    .formatted(this.cluster, id));
  }
}
