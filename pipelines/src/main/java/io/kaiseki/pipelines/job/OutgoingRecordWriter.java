package io.kaiseki.pipelines.job;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Hands records to the sink as they are. The time of a result is that of writing. */
final class OutgoingRecordWriter implements KafkaRecordSerializationSchema<OutgoingRecord> {

  private static final long serialVersionUID = 1L;

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      OutgoingRecord record, KafkaSinkContext context, @Nullable Long timestamp) {
    return written(record);
  }

  /** The record as it is handed to the producer. */
  static ProducerRecord<byte[], byte[]> written(OutgoingRecord record) {
    ProducerRecord<byte[], byte[]> outgoing =
        new ProducerRecord<>(record.topic(), record.key(), record.value());
    TraceHeaders.write(record.trace(), outgoing.headers());
    return outgoing;
  }
}
