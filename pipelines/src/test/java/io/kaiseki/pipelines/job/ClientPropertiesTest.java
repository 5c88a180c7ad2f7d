package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.DeliverySettings.Guarantee;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A setting that the tasks' clients would refuse is told before there are any. */
class ClientPropertiesTest {

  @TempDir Path checkpoints;

  @Test
  void settings_that_kafka_takes_are_no_problem() {
    assertThat(problems(Map.of())).isEmpty();
    assertThat(
            problems(
                Map.of(
                    "acks", "all",
                    "linger.ms", "20",
                    "compression.type", "lz4",
                    "compression.lz4.level", "9",
                    "client.rack", "north",
                    "of.a.plugin", "anything")))
        .isEmpty();
  }

  @Test
  void every_value_that_kafka_refuses_is_told_by_its_setting() {
    assertThat(
            problems(
                Map.of(
                    "linger.ms", "abc",
                    "compression.type", "zst",
                    "compression.gzip.level", "best",
                    "fetch.max.bytes", "-1",
                    "max.request.size", "10 MB")))
        .satisfiesExactlyInAnyOrder(
            one -> assertThat(one).startsWith("kafka.linger.ms = abc: ").contains("Not a number"),
            one -> assertThat(one).startsWith("kafka.compression.type = zst: ").contains("zstd"),
            one -> assertThat(one).startsWith("kafka.compression.gzip.level = best: "),
            one -> assertThat(one).startsWith("kafka.fetch.max.bytes = -1: "),
            one -> assertThat(one).startsWith("kafka.max.request.size = 10 MB: "));
  }

  @Test
  void a_largest_record_of_nothing_is_told_though_kafka_takes_it() {
    assertThat(problems(Map.of("max.request.size", "0")))
        .singleElement()
        .asString()
        .startsWith("kafka.max.request.size = 0: expected");
  }

  @Test
  void exactly_once_needs_an_idempotent_producer_and_says_which_settings_prevent_it() {
    for (var setting :
        Map.of(
                "acks", "1",
                "retries", "0",
                "enable.idempotence", "false",
                "max.in.flight.requests.per.connection", "9")
            .entrySet()) {
      assertThat(problems(Map.of(setting.getKey(), setting.getValue(), "linger.ms", "5")))
          .as(setting.toString())
          .singleElement()
          .asString()
          .startsWith("kafka." + setting.getKey() + " = " + setting.getValue() + ": ")
          .contains("exactly-once needs acks all");
    }
    assertThat(problems(Map.of("acks", "1", "retries", "0")))
        .singleElement()
        .asString()
        .startsWith("kafka.acks, kafka.retries = 1, 0: ");
  }

  @Test
  void at_least_once_does_without() {
    assertThat(problems(Map.of("acks", "1", "retries", "0"), Guarantee.AT_LEAST_ONCE)).isEmpty();
  }

  @Test
  void a_delivery_that_ends_before_its_request_may_is_told() {
    assertThat(problems(Map.of("delivery.timeout.ms", "10000")))
        .singleElement()
        .asString()
        .startsWith("kafka.delivery.timeout.ms = 10000: shorter than")
        .contains("request.timeout.ms (30000)");
  }

  @Test
  void a_secret_is_not_shown() {
    assertThat(problems(Map.of("ssl.keystore.key", "hush", "linger.ms", "abc")).toString())
        .contains("kafka.linger.ms")
        .doesNotContain("hush");
  }

  @Test
  void readiness_tells_it_without_a_word_to_the_cluster() {
    JobSettings settings =
        settings(Map.of("acks", "1", "linger.ms", "abc"), Guarantee.EXACTLY_ONCE);
    List<ConfigurationProblem> problems = new ArrayList<>();

    new Readiness(
            JobFixture.definition("t", AnalysisOverrides.none()),
            settings,
            new Readiness.Permissions(false, 1, true))
        .establish(problems);

    assertThat(problems)
        .extracting(ConfigurationProblem::key)
        .contains("kafka.linger.ms")
        .doesNotContain("kafka.bootstrap.servers");
  }

  private List<String> problems(Map<String, String> client) {
    return problems(client, Guarantee.EXACTLY_ONCE);
  }

  private List<String> problems(Map<String, String> client, Guarantee guarantee) {
    return ClientProperties.problems(settings(client, guarantee)).stream()
        .map(ConfigurationProblem::toString)
        .toList();
  }

  private JobSettings settings(Map<String, String> client, Guarantee guarantee) {
    JobSettings usual =
        JobFixture.settings(
            "letters",
            new KafkaSettings("localhost:1", client),
            RegistrySettings.of("mock://client-properties"),
            checkpoints);
    DeliverySettings delivery = usual.delivery();
    return new JobSettings(
        usual.name(),
        usual.kafka(),
        usual.registry(),
        new DeliverySettings(
            guarantee,
            delivery.checkpoints(),
            delivery.checkpointInterval(),
            delivery.checkpointTimeout(),
            delivery.transactionTimeout()),
        usual.restart(),
        usual.parallelism());
  }
}
