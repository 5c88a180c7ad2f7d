package io.kaiseki.pipelines.job;

import java.util.Optional;

/**
 * Which Kafka cluster and topic offsets belong to. A topic that is deleted and made anew has
 * another id.
 *
 * @param cluster the cluster's id
 * @param topic the topic's id; empty where documents come from no topic
 */
record KafkaOrigin(String cluster, Optional<String> topic) {

  private static final String SEPARATOR = "/";

  /** What {@link #kept} has written. */
  static KafkaOrigin of(String kept) {
    int separator = kept.indexOf(SEPARATOR);
    return separator < 0
        ? new KafkaOrigin(kept, Optional.empty())
        : new KafkaOrigin(kept.substring(0, separator), Optional.of(kept.substring(separator + 1)));
  }

  /** As it is kept in checkpoints; ids hold no slash. */
  String kept() {
    return cluster + topic.map(id -> SEPARATOR + id).orElse("");
  }
}
