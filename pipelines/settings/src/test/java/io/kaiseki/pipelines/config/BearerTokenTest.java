package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.schemas.registry.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {

  private final BearerToken token = new BearerToken(Secret.of("sésame"));

  @Test
  void whoever_sends_it_has_it() {
    assertThat(token.isIn("Bearer sésame")).isTrue();
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {"Bearer ", "Bearer sésam", "Bearer sésamex", "sésame", "Basic sésame", "Bearer"})
  void nothing_else_will_do(String authorization) {
    assertThat(token.isIn(authorization)).isFalse();
  }
}
