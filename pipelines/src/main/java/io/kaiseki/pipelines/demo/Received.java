package io.kaiseki.pipelines.demo;

import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.envelope.Result;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a document ended, as a consumer of the sink topics sees it. */
public sealed interface Received {

  /** The input record, as {@code topic-partition@offset}: what must be there exactly once. */
  String source();

  /** The record as it was read. */
  ConsumerRecord<byte[], byte[]> record();

  /** When it was read. */
  Instant at();

  /** A document with a result. */
  record Answered(Result result, ConsumerRecord<byte[], byte[]> record, Instant at)
      implements Received {
    @Override
    public String source() {
      return coordinates(
          result.provenance().getSourceTopic(),
          result.provenance().getSourcePartition(),
          result.provenance().getSourceOffset());
    }
  }

  /** A document without one. */
  record Dead(DeadLetter letter, ConsumerRecord<byte[], byte[]> record, Instant at)
      implements Received {
    @Override
    public String source() {
      return coordinates(
          letter.getSourceTopic(), letter.getSourcePartition(), letter.getSourceOffset());
    }
  }

  private static String coordinates(String topic, int partition, long offset) {
    return topic + "-" + partition + "@" + offset;
  }
}
