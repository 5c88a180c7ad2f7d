package io.kaiseki.pipelines.job;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A job was to go on from a checkpoint of another Kafka cluster, or of a topic that is not there
 * any more. Flink fails it at once, whatever its restart strategy: starting over would meet the
 * same checkpoint.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
final class OtherOriginException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String REMEDY =
      "begin without a checkpoint: --restore none, or for a backfill another --run";

  private OtherOriginException(String message) {
    super(message);
  }

  /** The checkpoint is of another cluster. */
  static OtherOriginException cluster(KafkaOrigin kept, KafkaOrigin here) {
    return new OtherOriginException(
        ("the checkpoint was made on the Kafka cluster %s, and this is %s, where its offsets mean"
                + " nothing; name that cluster in kafka.bootstrap.servers, or %s")
            .formatted(kept.cluster(), here.cluster(), REMEDY));
  }

  /** The checkpoint is of a topic that had the same name. */
  static OtherOriginException topic(String topic) {
    return new OtherOriginException(
        ("the topic %s has been deleted and made anew since the checkpoint was made, so its offsets"
                + " mean nothing any more; %s")
            .formatted(topic, REMEDY));
  }
}
