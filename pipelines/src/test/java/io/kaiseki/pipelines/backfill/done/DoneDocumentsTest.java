package io.kaiseki.pipelines.backfill.done;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.KafkaSettings;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

class DoneDocumentsTest {

  @Test
  void where_retention_deletes_results_ahead_of_the_reader_it_passes_over_none_that_are_left() {
    KafkaSettings kafka =
        new KafkaSettings(
            "localhost:9092", Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest"));

    assertThat(DoneDocuments.consumerProperties(kafka))
        .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    assertThat(DoneDocuments.consumerProperties(KafkaSettings.plain("localhost:9092")))
        .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
  }
}
