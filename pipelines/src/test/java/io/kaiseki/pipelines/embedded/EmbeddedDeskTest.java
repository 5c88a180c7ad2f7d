package io.kaiseki.pipelines.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddedDeskTest {

  @Test
  void settings_of_the_users_own_jobs_do_not_reach_the_desk_of_the_demo() {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "PATH", "/usr/bin",
                "OTEL_TRACES_EXPORTER", "none",
                "KAISEKI_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "KAISEKI_REGISTRY_PASSWORD", "secret",
                "KAISEKI_DESK_HOST", "0.0.0.0",
                "KAISEKI_JAVA_OPTS", "-Xmx8g"));

    EmbeddedDesk.withoutSettings(environment);

    assertThat(environment).containsOnlyKeys("PATH", "OTEL_TRACES_EXPORTER");
  }

  @Test
  void the_desk_is_observed_where_the_demo_is_but_not_on_its_port() {
    Map<String, String> environment =
        new HashMap<>(Map.of("KAISEKI_METRICS_HOST", "0.0.0.0", "KAISEKI_METRICS_PORT", "9464"));
    Map<String, String> range = new HashMap<>(Map.of("KAISEKI_METRICS_PORT", "9464-9470"));

    EmbeddedDesk.withoutSettings(environment);
    EmbeddedDesk.withoutSettings(range);

    assertThat(environment).containsOnly(Map.entry("KAISEKI_METRICS_HOST", "0.0.0.0"));
    assertThat(range).containsOnly(Map.entry("KAISEKI_METRICS_PORT", "9464-9470"));
  }
}
