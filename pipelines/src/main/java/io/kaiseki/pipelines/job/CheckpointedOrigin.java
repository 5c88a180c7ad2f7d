package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a job to the Kafka cluster and the topic that its checkpoints are of. Their offsets are
 * those of that topic: of another one, documents would be passed over without a word.
 */
final class CheckpointedOrigin {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointedOrigin.class);

  /** A union, so that every subtask sees the origin, however many there were before. */
  private static final ListStateDescriptor<String> STATE =
      new ListStateDescriptor<>("kafka-origin", StringSerializer.INSTANCE);

  /**
   * Where a job's documents come from.
   *
   * @param topic null where they come from files
   */
  record Source(KafkaSettings kafka, @Nullable String topic) implements Serializable {}

  private final Source source;
  private final ListState<String> state;
  private boolean known;

  CheckpointedOrigin(Source source, OperatorStateStore store) throws Exception {
    this.source = source;
    state = store.getUnionListState(STATE);
  }

  /**
   * Compares with the origin that is kept, and keeps this one. A cluster that can't be asked is
   * taken for the one that is kept.
   *
   * @throws OtherOriginException if it is not
   */
  void check() throws Exception {
    Optional<KafkaOrigin> here = ask();
    known = here.isPresent();
    Optional<KafkaOrigin> kept = here;
    for (String one : state.get()) {
      KafkaOrigin origin = KafkaOrigin.of(one);
      here.ifPresent(now -> compare(origin, now));
      kept = here.isPresent() ? here : Optional.of(origin);
    }
    state.update(kept.map(KafkaOrigin::kept).stream().toList());
  }

  /** Checks once more, now that a record shows that the cluster answers, if it did not before. */
  void checkAtFirstRecord() throws Exception {
    if (!known) {
      check();
      known = true;
    }
  }

  private void compare(KafkaOrigin kept, KafkaOrigin here) {
    if (!kept.cluster().equals(here.cluster())) {
      throw OtherOriginException.cluster(kept, here);
    }
    if (kept.topic().isPresent() && here.topic().isPresent() && !kept.equals(here)) {
      throw OtherOriginException.topic(String.valueOf(source.topic()));
    }
  }

  private Optional<KafkaOrigin> ask() {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Optional<KafkaOrigin> origin =
        Readiness.origin(source.kafka(), Optional.ofNullable(source.topic()), problems);
    problems.forEach(problem -> LOG.warn("event=kafka-origin-unknown problem={}", problem));
    return origin;
  }
}
