package io.kaiseki.pipelines.kafka;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * What stands committed in a topic, from its beginning to where it ended when the reading began, so
 * that the reading of a busy topic ends too. Joins no consumer group and leaves no trace. Not safe
 * for use by several threads.
 */
public final class CommittedRecords implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Where nothing has come for so long, an open transaction may be why. */
  private static final Duration NOTICE = Duration.ofSeconds(2);

  /** A topic that was made a moment ago is not known to every broker yet. */
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final KafkaSettings kafka;
  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final Duration knownWithin;

  /**
   * @param topic must exist: one that is missing is not read as an empty one
   */
  public CommittedRecords(KafkaSettings kafka, String topic) {
    this(kafka, topic, consumer(kafka), KNOWN_WITHIN);
  }

  /**
   * @param knownWithin time in which a broker that does not know the topic is asked again
   */
  CommittedRecords(
      KafkaSettings kafka,
      String topic,
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      Duration knownWithin) {
    this.kafka = kafka;
    this.topic = topic;
    this.consumer = consumer;
    this.knownWithin = knownWithin;
  }

  /** A consumer without a group that sees what is committed. */
  public static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka) {
    return KafkaClients.consumer(consumerProperties(kafka));
  }

  /** How a topic is read, whatever the settings say for other clients. */
  static Properties consumerProperties(KafkaSettings kafka) {
    Properties properties = kafka.properties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    // Retention may delete records that are about to be read. Kafka's default would go on at the
    // end of the topic then, and pass over those that are left.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    return properties;
  }

  /** Whether a broker knows the topic; one that was made a moment ago may not be known yet. */
  public boolean exists() {
    return !consumer.partitionsFor(topic).isEmpty();
  }

  /**
   * Reads all that are committed by now, those of one partition in their order. A transaction that
   * is open hides what stands behind it in its partition.
   *
   * @throws IllegalStateException if the topic is not known, or a partition gives nothing for a
   *     minute
   */
  public void forEach(ReadListener listener, Consumer<ConsumerRecord<byte[], byte[]>> action) {
    Map<TopicPartition, Long> begin = assigned();
    read(begin, consumer.endOffsets(begin.keySet()), Duration.ZERO, listener, action);
  }

  /**
   * Reads all that are written by now and get committed, those of one partition in their order.
   * Where transactions are open, it waits until they have ended.
   *
   * @param longest time that it waits for a transaction: somewhat longer than the timeout of
   *     whoever writes there, after which the broker gives it up
   * @throws IllegalStateException if the topic is not known, a transaction does not end within that
   *     time, or a partition gives nothing for a minute without one
   */
  public void forEachWritten(
      Duration longest, ReadListener listener, Consumer<ConsumerRecord<byte[], byte[]>> action) {
    Map<TopicPartition, Long> begin = assigned();
    read(begin, written(begin.keySet()), longest, listener, action);
  }

  /** Where the partitions begin, which are read from there. */
  private Map<TopicPartition, Long> assigned() {
    List<TopicPartition> partitions =
        known().stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
    // With a position of its own from the start, no partition without a leader is waited for.
    begin.forEach((partition, offset) -> consumer.seek(partition, offset));
    return begin;
  }

  /**
   * The partitions that the topic has, one at least. A consumer is told none of a topic that its
   * broker does not know, and whoever read that as an empty one would do again what is done.
   */
  private List<PartitionInfo> known() {
    Instant limit = Instant.now().plus(knownWithin);
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    while (partitions.isEmpty()) {
      if (!Instant.now().isBefore(limit)) {
        throw new IllegalStateException(
            ("%s can't be read: the brokers at %s know no such topic, after %d s; create it if it"
                    + " is missing, or try again once all of them run")
                .formatted(topic, kafka.bootstrapServers(), knownWithin.toSeconds()));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      partitions = consumer.partitionsFor(topic);
    }
    return partitions;
  }

  /** The high watermarks: a consumer of what is committed is told where open transactions begin. */
  private Map<TopicPartition, Long> written(Set<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> latest =
        partitions.stream()
            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    try (Admin admin = Admin.create(kafka.properties())) {
      return admin
          .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .all()
          .get()
          .entrySet()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          topic + " can't be read: where it ends is not told: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(topic + " is not read: interrupted", e);
    }
  }

  private void read(
      Map<TopicPartition, Long> begin,
      Map<TopicPartition, Long> end,
      Duration longest,
      ReadListener listener,
      Consumer<ConsumerRecord<byte[], byte[]>> action) {
    Set<TopicPartition> open =
        begin.keySet().stream()
            .filter(partition -> begin.get(partition) < end.get(partition))
            .collect(Collectors.toCollection(HashSet::new));
    long total = sum(end) - sum(begin);
    Patience patience = new Patience(longest, listener);
    while (!open.isEmpty()) {
      consumer.pause(
          begin.keySet().stream().filter(partition -> !open.contains(partition)).toList());
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < end.get(new TopicPartition(record.topic(), record.partition()))) {
          action.accept(record);
        }
      }
      // The position also passes the marks of transactions, which are no records.
      open.removeIf(partition -> consumer.position(partition) >= end.get(partition));
      long done = done(begin, end);
      listener.read(done, total);
      patience.check(done, open);
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

  /** Ends a reading that gets no further. */
  private final class Patience {
    private final Duration longest;
    private final ReadListener listener;
    private long done;
    private Instant moved = Instant.now();

    /** When it was last known why nothing comes. */
    private Instant explained = moved;

    private boolean told;

    /**
     * @param longest time to wait for a transaction
     */
    Patience(Duration longest, ReadListener listener) {
      this.longest = longest;
      this.listener = listener;
    }

    void check(long read, Set<TopicPartition> open) {
      Instant now = Instant.now();
      if (read > done) {
        done = read;
        moved = now;
        explained = now;
      } else if (moved.plus(NOTICE).isBefore(now) && awaitsTransactions(open)) {
        explained = now;
        if (moved.plus(longest).isBefore(now)) {
          throw new IllegalStateException(
              ("%s can't be read to its end: a transaction there has not ended for %d s, when the"
                      + " broker should have given it up; kafka-transactions.sh find-hanging tells"
                      + " whose it is; behind it: %s")
                  .formatted(topic, longest.toSeconds(), open));
        }
        if (!told) {
          told = true;
          listener.awaitsTransactions(longest);
        }
      } else if (explained.plus(PATIENCE).isBefore(now)) {
        throw new IllegalStateException(
            "%s can't be read to its end: nothing came for %d s; still open: %s"
                .formatted(topic, PATIENCE.toSeconds(), open));
      }
    }

    /** Whether all that is left to read stands behind transactions that are open. */
    private boolean awaitsTransactions(Set<TopicPartition> open) {
      if (open.isEmpty()) {
        return false;
      }
      try {
        return consumer.endOffsets(open, POLL).entrySet().stream()
            .allMatch(stable -> consumer.position(stable.getKey()) >= stable.getValue());
      } catch (TimeoutException noLeader) {
        return false;
      }
    }
  }
}
