package io.kaiseki.pipelines.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CommittedRecordsTest {

  private static final TopicPartition PARTITION = new TopicPartition("letters.redriven", 0);

  @Test
  void a_topic_that_no_broker_knows_is_not_read_as_an_empty_one() {
    try (CommittedRecords records = records(new LateTopic(Integer.MAX_VALUE), Duration.ZERO)) {
      assertThatThrownBy(() -> records.forEach(ReadListener.NONE, record -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("letters.redriven can't be read")
          .hasMessageContaining("the brokers at localhost:9092 know no such topic");
    }
  }

  @Test
  void whether_there_is_a_topic_is_told_without_waiting_for_it() {
    try (CommittedRecords missing =
            records(new LateTopic(Integer.MAX_VALUE), Duration.ofMinutes(1));
        CommittedRecords known = records(new LateTopic(0), Duration.ofMinutes(1))) {
      assertThat(missing.exists()).isFalse();
      assertThat(known.exists()).isTrue();
    }
  }

  @Test
  void a_topic_that_a_broker_does_not_know_yet_is_asked_for_again_and_read() {
    LateTopic consumer = new LateTopic(2);
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 1L));
    consumer.schedulePollTask(
        () ->
            consumer.addRecord(
                new ConsumerRecord<>(
                    PARTITION.topic(), PARTITION.partition(), 0, new byte[0], new byte[0])));
    List<Long> read = new ArrayList<>();

    try (CommittedRecords records = records(consumer, Duration.ofMinutes(1))) {
      records.forEach(ReadListener.NONE, record -> read.add(record.offset()));
    }

    assertThat(read).containsExactly(0L);
  }

  @Test
  void where_retention_deletes_records_ahead_of_the_reader_it_passes_over_none_that_are_left() {
    KafkaSettings kafka =
        new KafkaSettings(
            "localhost:9092", Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest"));

    assertThat(CommittedRecords.consumerProperties(kafka))
        .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    assertThat(CommittedRecords.consumerProperties(KafkaSettings.plain("localhost:9092")))
        .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
  }

  private static CommittedRecords records(LateTopic consumer, Duration knownWithin) {
    return new CommittedRecords(
        KafkaSettings.plain("localhost:9092"), PARTITION.topic(), consumer, knownWithin);
  }

  /** A consumer whose broker gets to know the topic only after some questions. */
  private static final class LateTopic extends MockConsumer<byte[], byte[]> {

    private int unknown;

    LateTopic(int unknown) {
      super("earliest");
      this.unknown = unknown;
    }

    @Override
    public synchronized List<PartitionInfo> partitionsFor(String topic) {
      if (unknown-- > 0) {
        return List.of();
      }
      return List.of(
          new PartitionInfo(topic, PARTITION.partition(), Node.noNode(), new Node[0], new Node[0]));
    }
  }
}
