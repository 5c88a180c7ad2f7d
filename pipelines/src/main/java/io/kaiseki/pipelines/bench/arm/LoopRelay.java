package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A consumer whose records a producer copies byte for byte, on one thread, with the client settings
 * of a job. It commits as often as the job takes checkpoints: exactly once in transactions with the
 * offsets in them, at least once the offsets alone.
 */
final class LoopRelay implements Relay {

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

  private final AnalysisTopics topics;
  private final boolean transactions;
  private final long interval;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closing;

  LoopRelay(AnalysisTopics topics, JobSettings settings) {
    this.topics = topics;
    DeliverySettings delivery = settings.delivery();
    transactions = delivery.guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE;
    interval = delivery.checkpointInterval().toNanos();
    Properties reading = settings.kafka().properties();
    reading.put(ConsumerConfig.GROUP_ID_CONFIG, settings.name());
    reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    Properties writing = settings.kafka().properties();
    if (transactions) {
      writing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.name());
      writing.put(
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
          String.valueOf(delivery.transactionTimeout().toMillis()));
    }
    producer = new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
    new Thread(this::run, "bench loop").start();
  }

  @Override
  public void check() {
    if (ended.isDone()) {
      throw new ArmFailedException(
          "the loop ended by itself: " + ended.handle((nothing, failure) -> failure).join());
    }
  }

  @Override
  public void close() {
    closing = true;
    ended.orTimeout(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS).handle((nothing, e) -> e).join();
  }

  private void run() {
    try (consumer;
        producer) {
      consumer.subscribe(List.of(topics.documents()));
      if (transactions) {
        producer.initTransactions();
        producer.beginTransaction();
      }
      long commit = System.nanoTime() + interval;
      while (!closing) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          producer.send(new ProducerRecord<>(topics.results(), record.key(), record.value()));
          offsets.put(
              new TopicPartition(record.topic(), record.partition()),
              new OffsetAndMetadata(record.offset() + 1));
        }
        if (System.nanoTime() >= commit) {
          commit();
          commit = System.nanoTime() + interval;
        }
      }
      commit();
      ended.complete(null);
    } catch (RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  private void commit() {
    if (offsets.isEmpty()) {
      return;
    }
    if (transactions) {
      producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
      producer.commitTransaction();
      producer.beginTransaction();
    } else {
      producer.flush();
      consumer.commitSync(offsets);
    }
    offsets.clear();
  }
}
