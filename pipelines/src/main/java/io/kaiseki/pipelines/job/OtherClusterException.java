package io.kaiseki.pipelines.job;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A job was to go on from a checkpoint of another Kafka cluster. Flink fails it at once, whatever
 * its restart strategy: starting over would meet the same checkpoint.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
final class OtherClusterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param origin the id of the checkpoint's cluster
   * @param here the id of the cluster that the job was started on
   */
  OtherClusterException(String origin, String here) {
    super(
        ("the checkpoint was made on the Kafka cluster %s, and this is %s, where its offsets mean"
                + " nothing; name that cluster in kafka.bootstrap.servers, or begin without a"
                + " checkpoint by --restore none")
            .formatted(origin, here));
  }
}
