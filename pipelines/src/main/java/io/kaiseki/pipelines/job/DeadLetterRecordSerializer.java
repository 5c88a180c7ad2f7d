package io.kaiseki.pipelines.job;

import io.kaiseki.inference.Analysis;
import io.kaiseki.pipelines.job.RawRecord.RawHeader;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import io.kaiseki.schemas.RecordHeader;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes a dead letter.
 *
 * <ul>
 *   <li>The value is a typed {@link DeadLetter} in the Confluent wire format. It holds the original
 *       record whole: {@code originalKey}, {@code originalValue} and {@code originalHeaders} byte
 *       for byte, {@code sourceTimestamp} and the coordinates. To send a record again, take it from
 *       there and from nowhere else.
 *   <li>The record's key, headers and timestamp are the original ones, so that the dead letter of a
 *       record lies in the partition of its key and tools that route by headers still work.
 *   <li>Behind the original headers stand those that Kafka Connect's dead letter queues use, so
 *       that tools made for these can tell what happened, and those of the trace. Where an original
 *       header has such a name, the last one of that name is this job's.
 * </ul>
 *
 * <p>A record that had no timestamp gets the time of writing.
 *
 * <p>A dead letter is larger than its record: key and headers stand in it twice. Where it would be
 * larger than the job may write, it leaves the original out and says so ({@code originalOmitted});
 * the record itself then still stands at its coordinates, for as long as its topic keeps it.
 */
final class DeadLetterRecordSerializer implements KafkaRecordSerializationSchema<Rejection> {

  /** Start of the headers' names, as in Kafka Connect (KIP-298). */
  static final String HEADER_PREFIX = "__connect.errors.";

  private static final long serialVersionUID = 1L;

  private final String topic;
  private final String job;
  private final Analysis analysis;
  private final int schemaId;
  private final LargestRecord largest;
  private transient @Nullable AvroEncoder encoder;

  DeadLetterRecordSerializer(
      String topic, String job, Analysis analysis, int schemaId, LargestRecord largest) {
    this.topic = topic;
    this.job = job;
    this.analysis = analysis;
    this.schemaId = schemaId;
    this.largest = largest;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Rejection rejection, KafkaSinkContext context, @Nullable Long timestamp) {
    if (encoder == null) {
      encoder = new AvroEncoder(schemaId, DeadLetter.getClassSchema());
    }
    ProducerRecord<byte[], byte[]> whole = record(encoder, rejection, false);
    return largest.admits(whole) ? whole : record(encoder, rejection, true);
  }

  private ProducerRecord<byte[], byte[]> record(
      AvroEncoder encoder, Rejection rejection, boolean omitOriginal) {
    RawRecord source = rejection.source();
    return new ProducerRecord<>(
        topic,
        null,
        source.timestamp() >= 0 ? source.timestamp() : null,
        omitOriginal ? null : source.key(),
        encoder.encode(deadLetter(rejection, omitOriginal)),
        headers(rejection, omitOriginal));
  }

  private DeadLetter deadLetter(Rejection rejection, boolean omitOriginal) {
    RawRecord source = rejection.source();
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setDocumentId(rejection.documentId())
            .setReason(DeadLetterReason.valueOf(rejection.reason().name()))
            .setMessage(rejection.message())
            .setStage(rejection.stage().word())
            .setAnalysis(analysis.name())
            .setAnalysisVersion(analysis.version())
            .setSourceTopic(source.topic())
            .setSourcePartition(source.partition())
            .setSourceOffset(source.offset())
            .setSourceTimestamp(Instant.ofEpochMilli(source.timestamp()))
            .setOriginalOmitted(omitOriginal)
            .setAttempts(AttemptsHeader.total(source.headers(), rejection.attempts()))
            .setFailedAt(Instant.now());
    if (!omitOriginal) {
      letter
          .setOriginalKey(buffer(source.key()))
          .setOriginalValue(buffer(source.value()))
          .setOriginalHeaders(
              source.headers().stream()
                  .map(header -> new RecordHeader(header.key(), buffer(header.value())))
                  .toList());
    }
    return letter.build();
  }

  private Iterable<Header> headers(Rejection rejection, boolean omitOriginal) {
    RawRecord source = rejection.source();
    RecordHeaders headers = new RecordHeaders(new ArrayList<>());
    for (RawHeader header : omitOriginal ? List.<RawHeader>of() : source.headers()) {
      headers.add(header.key(), header.value());
    }
    for (List<String> error :
        List.of(
            List.of("topic", source.topic()),
            List.of("partition", String.valueOf(source.partition())),
            List.of("offset", String.valueOf(source.offset())),
            List.of("connector.name", job),
            List.of("stage", rejection.stage().word()),
            List.of("exception.class.name", rejection.reason().name()),
            List.of("exception.message", rejection.message()))) {
      headers.add(HEADER_PREFIX + error.get(0), error.get(1).getBytes(StandardCharsets.UTF_8));
    }
    TraceHeaders.write(rejection.trace(), headers);
    return headers;
  }

  private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
