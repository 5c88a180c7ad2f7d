package io.kaiseki.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TelemetrySettingsTest {

  @Test
  void settings_print_the_names_of_the_sdk_s_properties_and_no_token_in_them() {
    TelemetrySettings settings =
        new TelemetrySettings(
            "kaiseki-test",
            "1",
            Optional.empty(),
            Map.of(
                "otel.exporter.otlp.headers",
                "authorization=Bearer planted-5b1e",
                "otel.exporter.otlp.endpoint",
                "https://user:planted-77c0@traces:4317"));

    assertThat(settings.toString())
        .contains("kaiseki-test", "[otel.exporter.otlp.endpoint, otel.exporter.otlp.headers]")
        .doesNotContain("planted-5b1e", "planted-77c0");
  }
}
