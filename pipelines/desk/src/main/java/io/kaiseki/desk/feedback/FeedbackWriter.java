package io.kaiseki.desk.feedback;

import io.kaiseki.desk.telemetry.DeskMeter;
import io.kaiseki.pipelines.config.DeskMetric;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.wire.AvroEncoder;
import io.opentelemetry.api.metrics.LongCounter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes feedback, in the Confluent wire format, keyed by the document's id. Thread-safe. */
public final class FeedbackWriter implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String topic;
  private final ThreadLocal<AvroEncoder> encoders;
  private final KafkaProducer<byte[], byte[]> producer;
  private final LongCounter written = DeskMeter.counter(DeskMetric.FEEDBACK);

  /**
   * @param schemaId id of {@link Feedback}'s schema in the registry
   */
  public FeedbackWriter(KafkaSettings kafka, String topic, int schemaId) {
    this.topic = topic;
    this.encoders =
        ThreadLocal.withInitial(() -> new AvroEncoder(schemaId, Feedback.getClassSchema()));
    Properties properties = kafka.properties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, String.valueOf(PATIENCE.toMillis()));
    properties.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(PATIENCE.toMillis() / 2));
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, String.valueOf(PATIENCE.toMillis()));
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Writes and returns when the brokers have it.
   *
   * @throws FeedbackNotWrittenException if they do not within ten seconds
   */
  public void write(List<Feedback> feedback) {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try {
      for (Feedback one : feedback) {
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    topic,
                    one.getDocumentId().getBytes(StandardCharsets.UTF_8),
                    encoders.get().encode(one))));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
      for (Feedback one : feedback) {
        boolean agreed = Objects.equals(one.getOld(), one.getNew$());
        written.add(1, DeskMeter.labels(DeskMetric.FEEDBACK, agreed));
      }
    } catch (ExecutionException e) {
      throw new FeedbackNotWrittenException(topic, e.getCause());
    } catch (KafkaException e) {
      throw new FeedbackNotWrittenException(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FeedbackNotWrittenException(topic, e);
    }
  }

  @Override
  public void close() {
    producer.close(PATIENCE);
  }
}
