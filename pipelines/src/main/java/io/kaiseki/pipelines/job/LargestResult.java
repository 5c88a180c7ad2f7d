package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large a result may be. The producer measures a record before compression, a topic the batch
 * that it comes in, compressed. A result that either refuses would fail the job, and again after
 * every restart, because the same document comes again.
 *
 * <p>Topics are asked when a task starts, so that a limit that was changed counts from the next
 * restart on.
 */
final class LargestResult {

  private static final Logger LOG = LoggerFactory.getLogger(LargestResult.class);

  private final LargestRecord producer;
  private final Map<String, TopicLimit> topics;
  private final Compression compression;

  /**
   * @param kafka settings of the producer
   * @param topics what is known of topics
   */
  LargestResult(KafkaSettings kafka, Map<String, TopicLimit> topics) {
    this.producer = LargestRecord.of(kafka);
    this.topics = Map.copyOf(topics);
    this.compression = compression(kafka, producer);
  }

  /** Asks for the limits of topics. Of one that can't be asked, the producer's limit is left. */
  static LargestResult ask(KafkaSettings kafka, Collection<String> names) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Map<String, TopicLimit> limits = new HashMap<>();
    Topics.of(kafka, problems)
        .ifPresent(
            topics -> {
              try (topics) {
                for (String name : names) {
                  // A cluster that does not answer is not waited for topic by topic.
                  if (problems.isEmpty()) {
                    Optional<TopicLimit> limit = topics.limit(name, problems);
                    limit.ifPresent(known -> limits.put(name, known));
                    if (limit.isEmpty() && problems.isEmpty()) {
                      LOG.warn(
                          "event=topic-limit-unknown topic={} a result that it refuses fails the"
                              + " job; let this user ask for its max.message.bytes"
                              + " (DescribeConfigs)",
                          name);
                    }
                  }
                }
              }
            });
    problems.forEach(problem -> LOG.warn("event=topic-limits-unknown problem={}", problem));
    return new LargestResult(kafka, limits);
  }

  /**
   * A limit that a record is over.
   *
   * @param bytes of the record, as the limit measures it
   * @param most bytes that are allowed
   * @param setting what says so, and of which topic
   */
  record Excess(long bytes, long most, String setting) {}

  /** The limit that a record is over; empty where it may be written. */
  Optional<Excess> excess(ProducerRecord<byte[], byte[]> record) {
    long bytes = LargestRecord.size(record);
    if (bytes > producer.bytes()) {
      return Optional.of(new Excess(bytes, producer.bytes(), LargestRecord.KEY));
    }
    TopicLimit limit = topics.get(record.topic());
    if (limit == null || bytes <= limit.bytes()) {
      return Optional.empty();
    }
    long measured = measured(record, limit);
    return measured <= limit.bytes()
        ? Optional.empty()
        : Optional.of(
            new Excess(measured, limit.bytes(), "max.message.bytes of topic " + record.topic()));
  }

  /** The larger of what a broker measures: the batch as sent, and as its topic compresses anew. */
  private long measured(ProducerRecord<byte[], byte[]> record, TopicLimit limit) {
    long sent = batch(record, compression);
    return limit
        .own()
        .filter(own -> own.type() != compression.type())
        .map(own -> Math.max(sent, batch(record, own)))
        .orElse(sent);
  }

  /** Bytes of a batch of this record alone. */
  private static long batch(ProducerRecord<byte[], byte[]> record, Compression compression) {
    SimpleRecord alone =
        new SimpleRecord(
            System.currentTimeMillis(), record.key(), record.value(), record.headers().toArray());
    return MemoryRecords.withRecords(compression, alone).sizeInBytes();
  }

  /** That of the job's producers. */
  private static Compression compression(KafkaSettings kafka, LargestRecord producer) {
    Properties properties = kafka.properties();
    producer.applyTo(properties);
    Function<String, Optional<String>> settings =
        key -> Optional.ofNullable(properties.getProperty(key)).map(String::strip);
    return Codec.of(settings.apply(ProducerConfig.COMPRESSION_TYPE_CONFIG).orElseThrow(), settings);
  }
}
