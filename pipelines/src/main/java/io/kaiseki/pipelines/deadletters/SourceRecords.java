package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.kafka.CommittedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Fetches records that their letters leave out from where they came from. Not safe for use by
 * several threads.
 */
final class SourceRecords implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KafkaConsumer<byte[], byte[]> consumer;

  SourceRecords(KafkaSettings kafka) {
    consumer = CommittedRecords.consumer(kafka);
  }

  /**
   * The record of a letter.
   *
   * @return empty where its topic has not kept it, or has another record there
   * @throws IllegalStateException if its topic keeps it but does not give it
   */
  Optional<RawRecord> find(StoredLetter letter) {
    RawRecord wanted = letter.original();
    TopicPartition partition = new TopicPartition(wanted.topic(), wanted.partition());
    List<TopicPartition> one = List.of(partition);
    if (!exists(partition)
        || wanted.offset() < consumer.beginningOffsets(one).get(partition)
        || wanted.offset() >= consumer.endOffsets(one).get(partition)) {
      return Optional.empty();
    }
    consumer.assign(one);
    consumer.seek(partition, wanted.offset());
    Instant limit = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(limit)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        // Compaction leaves gaps, and a topic that was made anew holds something else there.
        boolean same =
            record.offset() == wanted.offset() && record.timestamp() == wanted.timestamp();
        return same ? Optional.of(RawRecord.of(record)) : Optional.empty();
      }
      if (consumer.position(partition) > wanted.offset()) {
        return Optional.empty();
      }
    }
    throw new IllegalStateException(
        "%s does not give its record within %d s"
            .formatted(wanted.coordinates(), PATIENCE.toSeconds()));
  }

  @Override
  public void close() {
    consumer.close();
  }

  private boolean exists(TopicPartition partition) {
    return consumer.listTopics().getOrDefault(partition.topic(), List.of()).stream()
        .anyMatch(info -> info.partition() == partition.partition());
  }
}
