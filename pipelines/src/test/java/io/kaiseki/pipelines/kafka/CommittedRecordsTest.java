package io.kaiseki.pipelines.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

class CommittedRecordsTest {

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
}
