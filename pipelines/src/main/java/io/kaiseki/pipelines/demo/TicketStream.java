package io.kaiseki.pipelines.demo;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends the sample tickets one by one, as a live stream would bring them. It pauses while too many
 * are on their way: a model that takes seconds for a document shall not be buried.
 */
final class TicketStream implements AutoCloseable {

  private final String topic;
  private final AvroEncoder encoder;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Tally tally;
  private final Pace pace;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * How fast tickets come.
   *
   * @param perSecond tickets in a second
   * @param mostOpen tickets on their way beyond which no further one comes
   */
  record Pace(double perSecond, long mostOpen) {}

  /**
   * Starts to send.
   *
   * @param count how many
   * @param documentSchemaId id of the document schema in the registry
   */
  TicketStream(
      long count, String topic, int documentSchemaId, KafkaSettings kafka, Tally tally, Pace pace) {
    this.topic = topic;
    this.encoder = new AvroEncoder(documentSchemaId, Document.getClassSchema());
    this.tally = tally;
    this.pace = pace;
    Map<String, Object> properties = new HashMap<>();
    kafka.properties().forEach((key, value) -> properties.put(key.toString(), value));
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    this.thread = new Thread(() -> run(count), "ticket-stream");
    thread.setDaemon(true);
    thread.start();
  }

  /** Completes when all are sent; exceptionally if one could not be. */
  CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
    producer.close(java.time.Duration.ofSeconds(5));
  }

  private void run(long count) {
    try {
      Iterator<SampleArrival> arrivals = SampleTickets.load().arrivals(count).iterator();
      long pauseMillis = Math.round(1000 / pace.perSecond());
      while (arrivals.hasNext() && !stopped) {
        if (tally.open() < pace.mostOpen()) {
          send(arrivals.next());
        }
        Thread.sleep(pauseMillis);
      }
      done.complete(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.cancel(false);
    } catch (Exception e) {
      done.completeExceptionally(e);
    }
  }

  private void send(SampleArrival arrival) throws Exception {
    byte[] valid = Objects.requireNonNull(encoder.encode(document(arrival.ticket())));
    byte[] value =
        arrival instanceof SampleArrival.Broken broken
            ? broken.breakage().applyTo(valid).value()
            : valid;
    // Told first: the outcome may be read before the broker's acknowledgement arrives here.
    tally.sent(arrival.id(), Instant.now());
    producer
        .send(new ProducerRecord<>(topic, arrival.id().getBytes(StandardCharsets.UTF_8), value))
        .get();
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
