package io.kaiseki.pipelines.demo;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.KafkaClients;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the sink topics as any downstream team would: with {@code read_committed}, the registry and
 * nothing of the job's. What it counts is what the job has delivered, whatever the job itself
 * believes. Not safe for use by several threads.
 */
public final class OutcomeConsumer implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final SchemaRegistryClient registry;
  private final AvroDecoder<GenericRecord> results;
  private final AvroDecoder<DeadLetter> deadLetters;
  private final AnalysisTopics topics;

  /** Starts at the beginning of both topics, which must exist. */
  public OutcomeConsumer(
      KafkaSettings kafka, RegistrySettings registrySettings, AnalysisTopics topics) {
    this.topics = topics;
    this.registry = registrySettings.connect();
    RegisteredSchemas schemas = new RegisteredSchemas(registry, registrySettings.address());
    this.results = AvroDecoder.generic(schemas);
    this.deadLetters = AvroDecoder.specific(schemas, DeadLetter.class);
    this.consumer = KafkaClients.consumer(kafka);
    Collection<TopicPartition> partitions =
        Stream.of(topics.results(), topics.deadLetters())
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /**
   * Waits for records and decodes them.
   *
   * @throws IllegalStateException if a record of the sink topics can't be read, which would be a
   *     fault of the job
   */
  public List<Received> poll(Duration timeout) {
    List<Received> received = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
      Instant now = Instant.now();
      received.add(
          record.topic().equals(topics.results())
              ? new Received.Answered(
                  ResultEnvelope.open(value(results.decode(record.value()), record)), record, now)
              : new Received.Dead(value(deadLetters.decode(record.value()), record), record, now));
    }
    return received;
  }

  @Override
  public void close() {
    consumer.close();
    try {
      registry.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T value(Decoded<T> decoded, ConsumerRecord<byte[], byte[]> record) {
    if (decoded instanceof Decoded.Value<T> value) {
      return value.record();
    }
    throw new IllegalStateException(
        "record %s-%d@%d can't be read: %s"
            .formatted(record.topic(), record.partition(), record.offset(), decoded));
  }
}
