package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

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
  private final Consumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicReference<@Nullable Exception> notSent = new AtomicReference<>();
  private volatile boolean closing;

  LoopRelay(AnalysisTopics topics, JobSettings settings) {
    this(topics, settings.delivery(), consumer(settings), producer(settings));
  }

  /** Takes the clients over: its thread alone uses them, and closes them. */
  LoopRelay(
      AnalysisTopics topics,
      DeliverySettings delivery,
      Consumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> producer) {
    this.topics = topics;
    this.transactions = inTransactions(delivery);
    this.interval = delivery.checkpointInterval().toNanos();
    this.consumer = consumer;
    this.producer = producer;
    new Thread(this::run, "bench loop").start();
  }

  private static boolean inTransactions(DeliverySettings delivery) {
    return delivery.guarantee() == DeliverySettings.Guarantee.EXACTLY_ONCE;
  }

  private static Consumer<byte[], byte[]> consumer(JobSettings settings) {
    Properties reading = settings.kafka().properties();
    reading.put(ConsumerConfig.GROUP_ID_CONFIG, settings.name());
    reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return KafkaClients.consumer(reading);
  }

  private static Producer<byte[], byte[]> producer(JobSettings settings) {
    DeliverySettings delivery = settings.delivery();
    Properties writing = settings.kafka().properties();
    if (inTransactions(delivery)) {
      writing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.name());
      writing.put(
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
          String.valueOf(delivery.transactionTimeout().toMillis()));
    }
    return KafkaClients.producer(writing);
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
          producer.send(
              new ProducerRecord<>(topics.results(), record.key(), record.value()),
              (place, failure) -> sent(failure));
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
      requireAllSent();
      consumer.commitSync(offsets);
    }
    offsets.clear();
  }

  /**
   * On the producer's thread. A transaction's commit fails by itself; this is for the other way.
   */
  private void sent(@Nullable Exception failure) {
    if (failure != null) {
      notSent.compareAndSet(null, failure);
    }
  }

  private void requireAllSent() {
    Exception failure = notSent.get();
    if (failure != null) {
      throw new KafkaException("a record could not be sent: " + failure.getMessage(), failure);
    }
  }
}
