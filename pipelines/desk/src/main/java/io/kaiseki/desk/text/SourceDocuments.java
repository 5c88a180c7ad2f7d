package io.kaiseki.desk.text;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads single documents from their topic, by their coordinates. The desk keeps no text of its own:
 * what the topic no longer keeps can no longer be shown. Safe for use by many threads; a few may
 * read at a time.
 */
public final class SourceDocuments implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How long somebody waits for others to have read theirs; it is a thread of the server's. */
  private static final Duration TURN = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(250);
  private static final int READERS = 2;

  private final String topic;
  private final BlockingQueue<Reader> readers = new ArrayBlockingQueue<>(READERS);

  /**
   * Connects; nothing is read yet.
   *
   * @param topic the only topic that is read from
   */
  public SourceDocuments(KafkaSettings kafka, RegisteredSchemas schemas, String topic) {
    this.topic = topic;
    for (int i = 0; i < READERS; i++) {
      readers.add(new Reader(consumer(kafka), AvroDecoder.specific(schemas, Document.class)));
    }
  }

  /** What was found. */
  public sealed interface Source {

    /** The document. */
    record Found(Document document) implements Source {}

    /**
     * It is not there.
     *
     * @param message why, and what that means
     */
    record Missing(String message) implements Source {}
  }

  /**
   * Reads a document. It is missing, too, while many others are being read.
   *
   * @param id that it must have
   */
  public Source read(String id, String from, int partition, long offset) {
    if (!from.equals(topic)) {
      return new Source.Missing(
          "the document stands in topic " + from + ", and the desk reads " + topic + " only");
    }
    Reader reader;
    try {
      reader = readers.poll(TURN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Source.Missing("the desk is ending");
    }
    if (reader == null) {
      return new Source.Missing("many texts are being read; try again");
    }
    try {
      return reader.read(id, new TopicPartition(topic, partition), offset);
    } catch (KafkaException e) {
      return new Source.Missing("Kafka can't be read now: " + e.getMessage());
    } finally {
      readers.add(reader);
    }
  }

  @Override
  public void close() {
    readers.forEach(reader -> reader.consumer().close());
  }

  private record Reader(KafkaConsumer<byte[], byte[]> consumer, AvroDecoder<Document> decoder) {

    Source read(String id, TopicPartition partition, long offset) {
      consumer.assign(List.of(partition));
      Map<TopicPartition, Long> first = consumer.beginningOffsets(List.of(partition), PATIENCE);
      if (first.getOrDefault(partition, 0L) > offset) {
        return new Source.Missing(
            "the topic no longer keeps it (retention); its result and its fields stay");
      }
      consumer.seek(partition, offset);
      Instant limit = Instant.now().plus(PATIENCE);
      while (Instant.now().isBefore(limit)) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          return record.offset() == offset
              ? decode(id, record)
              : new Source.Missing("the topic no longer keeps it (compaction)");
        }
      }
      return new Source.Missing(
          "the topic did not give it within " + PATIENCE.toSeconds() + " s; try again");
    }

    private Source decode(String id, ConsumerRecord<byte[], byte[]> record) {
      if (decoder.decode(record.value()) instanceof Decoded.Value<Document> value) {
        return value.record().getId().equals(id)
            ? new Source.Found(value.record())
            : new Source.Missing("another document stands at its coordinates");
      }
      return new Source.Missing("the bytes at its coordinates are no document");
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // One record is wanted, whatever its size; a fetch need not bring its neighbours along.
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(64 << 10));
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
