package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.KafkaClients;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts documents into the topic of a job. */
final class PipelineFeed implements AutoCloseable {

  private final String topic;
  private final AvroEncoder encoder;
  private final KafkaProducer<byte[], byte[]> producer;

  PipelineFeed(KafkaSettings kafka, String topic, int documentSchema) {
    this.topic = topic;
    this.encoder = new AvroEncoder(documentSchema, Document.getClassSchema());
    producer = KafkaClients.producer(kafka);
  }

  /** Sends a document; {@link #flush} makes sure that it is there. */
  void send(String id, String text) {
    Document document =
        Document.newBuilder()
            .setId(id)
            .setKind("ticket")
            .setTitle("")
            .setBody(text)
            .setReceivedAt(Instant.now())
            .build();
    producer.send(
        new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), encoder.encode(document)));
  }

  void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
