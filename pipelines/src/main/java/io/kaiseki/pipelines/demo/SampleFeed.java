package io.kaiseki.pipelines.demo;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.KafkaClients;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends sample tickets to a topic. Safe for use by one thread at a time. */
public final class SampleFeed implements AutoCloseable {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final String topic;
  private final AvroEncoder encoder;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param documentSchemaId id of the document schema in the registry
   */
  public SampleFeed(String topic, int documentSchemaId, KafkaSettings kafka) {
    this.topic = topic;
    this.encoder = new AvroEncoder(documentSchemaId, Document.getClassSchema());
    this.producer = KafkaClients.producer(kafka);
  }

  /**
   * Sends one, and returns when the broker has it.
   *
   * @throws ExecutionException if the broker does not take it
   */
  public void send(SampleArrival arrival) throws ExecutionException, InterruptedException {
    byte[] valid = Objects.requireNonNull(encoder.encode(document(arrival.ticket())));
    byte[] value =
        arrival instanceof SampleArrival.Broken broken
            ? broken.breakage().applyTo(valid).value()
            : valid;
    producer
        .send(new ProducerRecord<>(topic, arrival.id().getBytes(StandardCharsets.UTF_8), value))
        .get();
  }

  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }

  private static Document document(SampleTicket ticket) {
    return Document.newBuilder()
        .setId(ticket.id())
        .setKind(ticket.kind())
        .setTitle(ticket.title())
        .setBody(ticket.body())
        .setLanguage(ticket.language())
        .setReceivedAt(Instant.now())
        .setAttributes(ticket.attributes())
        .build();
  }
}
