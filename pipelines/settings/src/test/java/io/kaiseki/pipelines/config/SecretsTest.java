package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.password",
        "registry.token",
        "kafka.sasl.jaas.config",
        "kafka.ssl.keystore.key",
        "model.api-key",
        "otel.exporter.otlp.headers",
        "otel.exporter.otlp.traces.headers",
        "otel.exporter.authorization"
      })
  void what_lets_somebody_in_is_a_secret(String key) {
    assertThat(Secrets.isSecret(key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.context-tokens",
        "model.batch-tokens",
        "kafka.sasl.oauthbearer.token.endpoint.url",
        "kafka.ssl.keystore.location",
        "kafka.sasl.oauthbearer.header.urlencode",
        "otel.exporter.otlp.endpoint"
      })
  void a_number_of_tokens_and_where_a_secret_is_are_none(String key) {
    assertThat(Secrets.isSecret(key)).isFalse();
  }
}
