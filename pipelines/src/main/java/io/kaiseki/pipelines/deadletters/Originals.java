package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.AttemptsHeader;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.RawRecord.RawHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The records of letters, addressed to where they are sent. Not safe for use by several threads.
 */
final class Originals implements AutoCloseable {

  private final SourceRecords sources;
  private final ClusterTopics cluster;
  private final Optional<String> to;
  private final Map<String, Target> targets = new HashMap<>();

  /**
   * @param to topic for all of them; empty for the one that each came from
   */
  Originals(KafkaSettings kafka, Optional<String> to) {
    this.sources = new SourceRecords(kafka);
    this.cluster = new ClusterTopics(kafka);
    this.to = to;
  }

  /**
   * Where records go.
   *
   * @param partitions 0 where there is no such topic
   * @param retention age by their own timestamps at which it deletes them; empty where never
   */
  private record Target(int partitions, Optional<Duration> retention) {}

  /** A record with its address, or none. */
  sealed interface Addressed {}

  /** A record to be sent. */
  record Sendable(ProducerRecord<byte[], byte[]> record) implements Addressed {}

  /** A record that can't be sent. */
  record Unsendable(Fate fate, String why) implements Addressed {}

  /** The record of a letter; empty where the letter leaves it out and its topic has lost it. */
  Optional<RawRecord> of(StoredLetter letter) {
    return letter.letter().getOriginalOmitted()
        ? sources.find(letter)
        : Optional.of(letter.original());
  }

  /** Addresses the record of a letter. */
  Addressed address(StoredLetter letter, RawRecord original) {
    if (letter.ofUnreadableEntry()) {
      return new Unsendable(
          Fate.NO_DOCUMENT,
          "it is a row or a file that could not be read, as its message tells; repair that and run"
              + " the backfill again");
    }
    String topic = to.orElse(original.topic());
    Target target = targets.computeIfAbsent(topic, this::target);
    if (target.partitions() == 0) {
      return new Unsendable(Fate.NO_TOPIC, "there is no topic " + topic);
    }
    boolean timeless = original.timestamp() < 0;
    Instant kept = Instant.now().minus(target.retention().orElse(Duration.ZERO));
    if (!timeless
        && target.retention().isPresent()
        && Instant.ofEpochMilli(original.timestamp()).isBefore(kept)) {
      return new Unsendable(
          Fate.TOO_OLD,
          ("its timestamp is %s, and %s keeps records for %d h: it could be deleted before it is"
                  + " read; raise retention.ms")
              .formatted(
                  Instant.ofEpochMilli(original.timestamp()),
                  topic,
                  target.retention().get().toHours()));
    }
    // In its own partition, a record keeps its place beside others of its key.
    boolean home = to.isEmpty() && original.partition() < target.partitions();
    return new Sendable(
        new ProducerRecord<>(
            topic,
            home ? original.partition() : null,
            timeless ? null : original.timestamp(),
            original.key(),
            original.value(),
            headers(letter, original)));
  }

  @Override
  public void close() {
    sources.close();
    cluster.close();
  }

  private Target target(String topic) {
    int partitions = cluster.partitions(topic);
    boolean old = partitions > 0 && !cluster.agesFromWriting(topic);
    return new Target(partitions, old ? cluster.retention(topic) : Optional.empty());
  }

  private static RecordHeaders headers(StoredLetter letter, RawRecord original) {
    RecordHeaders headers = new RecordHeaders(new ArrayList<>());
    for (RawHeader header : original.headers()) {
      if (!header.key().equals(AttemptsHeader.NAME)) {
        headers.add(header.key(), header.value());
      }
    }
    headers.add(AttemptsHeader.NAME, AttemptsHeader.value(letter.attempts()));
    return headers;
  }
}
