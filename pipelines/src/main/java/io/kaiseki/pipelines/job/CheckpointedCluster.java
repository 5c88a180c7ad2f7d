package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a job to the Kafka cluster that its checkpoints are of. Their offsets are those of that
 * cluster's topics: on another one, documents would be passed over without a word.
 */
final class CheckpointedCluster {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointedCluster.class);

  /** A union, so that every subtask sees the id, however many there were before. */
  private static final ListStateDescriptor<String> STATE =
      new ListStateDescriptor<>("kafka-cluster", StringSerializer.INSTANCE);

  private CheckpointedCluster() {}

  /**
   * Keeps the cluster's id in the state of an operator. A cluster that has none, or does not answer
   * now, is taken for the one of the checkpoint.
   *
   * @throws OtherClusterException if the state is of another cluster
   */
  static void hold(OperatorStateStore store, KafkaSettings kafka) throws Exception {
    ListState<String> state = store.getUnionListState(STATE);
    Optional<String> here = id(kafka);
    Optional<String> kept = here;
    for (String origin : state.get()) {
      if (here.isPresent() && !here.get().equals(origin)) {
        throw new OtherClusterException(origin, here.get());
      }
      kept = Optional.of(origin);
    }
    state.update(kept.stream().toList());
  }

  private static Optional<String> id(KafkaSettings kafka) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Optional<String> id = Readiness.clusterId(kafka, problems);
    problems.forEach(problem -> LOG.warn("event=cluster-unknown problem={}", problem));
    return id;
  }
}
