package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What stands committed in a topic, from its beginning to where it ended when the reading began, so
 * that the reading of a busy topic ends too. Joins no consumer group and leaves no trace. Not safe
 * for use by several threads.
 */
public final class CommittedRecords implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;

  public CommittedRecords(KafkaSettings kafka, String topic) {
    this.consumer = consumer(kafka);
    this.topic = topic;
  }

  /** A consumer without a group that sees what is committed. */
  static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Reads all of them, those of one partition in their order.
   *
   * @throws IllegalStateException if a partition gives nothing for a minute
   */
  public void forEach(ReadListener listener, Consumer<ConsumerRecord<byte[], byte[]>> action) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
    consumer.seekToBeginning(partitions);
    Set<TopicPartition> open =
        partitions.stream()
            .filter(partition -> begin.get(partition) < end.get(partition))
            .collect(Collectors.toCollection(HashSet::new));
    long total = sum(end) - sum(begin);
    long done = 0;
    Instant moved = Instant.now();
    while (!open.isEmpty()) {
      consumer.pause(partitions.stream().filter(partition -> !open.contains(partition)).toList());
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < end.get(new TopicPartition(record.topic(), record.partition()))) {
          action.accept(record);
        }
      }
      // The position also passes the marks of transactions, which are no records.
      open.removeIf(partition -> consumer.position(partition) >= end.get(partition));
      long now = done(begin, end);
      if (now > done) {
        moved = Instant.now();
        done = now;
        listener.read(done, total);
      } else if (moved.plus(PATIENCE).isBefore(Instant.now())) {
        throw new IllegalStateException(
            "%s can't be read to its end: nothing came for %d s; still open: %s"
                .formatted(topic, PATIENCE.toSeconds(), open));
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  private long done(Map<TopicPartition, Long> begin, Map<TopicPartition, Long> end) {
    return begin.entrySet().stream()
        .mapToLong(
            entry ->
                Math.min(consumer.position(entry.getKey()), end.get(entry.getKey()))
                    - entry.getValue())
        .map(read -> Math.max(read, 0))
        .sum();
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }
}
