package io.kaiseki.desk.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeskSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.RegistryTls;
import io.kaiseki.schemas.registry.RegistryTls.Keystore;
import io.kaiseki.schemas.registry.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** The topics that the desk makes, and what it says of its settings. */
class DeskReadinessTest {

  @Test
  void feedback_is_kept_whatever_the_retention_of_the_broker() {
    NewTopic feedback = DeskReadiness.topic("tickets.out.feedback", 4, true);

    assertThat(feedback.numPartitions()).isEqualTo(4);
    assertThat(feedback.configs()).containsEntry("retention.ms", "-1");
    assertThat(DeskReadiness.topic("tickets.out.bad-records", 1, false).configs()).isNull();
  }

  @Test
  void a_truststore_that_can_not_be_read_is_told_of_the_registry_and_not_of_the_schema() {
    List<ConfigurationProblem> problems = new ArrayList<>();
    RegistrySettings registry =
        RegistrySettings.of("https://localhost:1")
            .withTls(
                new RegistryTls(Keystore.pkcs12("/no/such/file.p12", Secret.of("changeit")), null));

    assertThat(
            new DeskReadiness(
                    settings(registry), new DeskReadiness.Permissions(false, true), problems)
                .schema())
        .isEmpty();

    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .singleElement(STRING)
        .startsWith("registry.url = https://localhost:1: ")
        .contains("registry.truststore.*", "/no/such/file.p12");
  }

  private static DeskSettings settings(RegistrySettings registry) {
    return new DeskSettings(
        "ticket-triage",
        "desk",
        new KafkaSettings("localhost:1", Map.of()),
        registry,
        "tickets",
        "tickets.out",
        "tickets.dead",
        "tickets.out.feedback",
        "tickets.out.bad-records",
        "127.0.0.1",
        0,
        Optional.empty(),
        Optional.empty(),
        Path.of("state"),
        Duration.ofDays(1),
        0.6);
  }
}
