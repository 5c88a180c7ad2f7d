package io.kaiseki.desk.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.DeskSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

/** What the streams application is told, beside what a user says of every client. */
class StreamsPropertiesTest {

  private static final String TIMEOUT = "transaction.timeout.ms";

  @Test
  void a_transaction_outlives_a_partition_that_is_indexed() {
    assertThat(timeout(Map.of())).isEqualTo(60_000);
  }

  @Test
  void how_long_a_transaction_may_last_is_what_the_user_says() {
    assertThat(timeout(Map.of(TIMEOUT, "30000"))).isEqualTo(30_000);
    assertThat(timeout(Map.of("producer." + TIMEOUT, "90000"))).isEqualTo(90_000);
  }

  /** As the producer gets it. */
  private static int timeout(Map<String, String> client) {
    Properties properties = StreamsProperties.of(settings(client), "127.0.0.1:8090");
    return Integer.parseInt(
        new StreamsConfig(properties).getProducerConfigs("desk").get(TIMEOUT).toString());
  }

  private static DeskSettings settings(Map<String, String> client) {
    return new DeskSettings(
        "ticket-triage",
        "desk",
        new KafkaSettings("nowhere:1", client),
        RegistrySettings.of("mock://nowhere"),
        "tickets",
        "tickets.triaged",
        "tickets.dead-letters",
        "tickets.triaged.feedback",
        "tickets.triaged.bad-records",
        "127.0.0.1",
        8090,
        Optional.empty(),
        Optional.empty(),
        Path.of("state"),
        Duration.ofDays(30),
        0.6);
  }
}
