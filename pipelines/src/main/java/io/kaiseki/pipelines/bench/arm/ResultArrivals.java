package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Notes when records arrive in the topic of results, on a thread of its own. */
final class ResultArrivals implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);

  /**
   * When a record was there for a consumer, and when it was written.
   *
   * @param nanos of {@link System#nanoTime()}
   * @param written milliseconds, by the producer's clock
   */
  record Arrival(long nanos, long written) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Arrival> byKey = new ConcurrentHashMap<>();
  private final AtomicLong records = new AtomicLong();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closing;

  ResultArrivals(KafkaSettings kafka, String topic) {
    consumer = KafkaClients.consumer(kafka);
    List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    new Thread(this::run, "bench arrivals").start();
  }

  /**
   * Records so far; more than there are keys if one came twice.
   *
   * @throws ArmFailedException if the topic can't be read any more
   */
  long records() {
    if (ended.isCompletedExceptionally()) {
      throw new ArmFailedException(
          "the results can't be read: " + ended.handle((nothing, failure) -> failure).join());
    }
    return records.get();
  }

  /** What has arrived, by its key. */
  Map<String, Arrival> byKey() {
    return byKey;
  }

  @Override
  public void close() {
    closing = true;
    ended.handle((nothing, failure) -> failure).join();
  }

  private void run() {
    try (consumer) {
      while (!closing) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          byKey.put(
              new String(record.key(), StandardCharsets.UTF_8),
              new Arrival(System.nanoTime(), record.timestamp()));
          records.incrementAndGet();
        }
      }
      ended.complete(null);
    } catch (RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }
}
