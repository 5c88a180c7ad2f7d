package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartSettingsTest {

  @Test
  void the_longest_series_doubles_up_to_the_maximum_and_counts_the_jitter() {
    RestartSettings restart = new RestartSettings(4, Duration.ofSeconds(1), Duration.ofSeconds(3));

    assertThat(restart.longest())
        .isEqualTo(Duration.ofMillis((1000 + 2000 + 3000 + 3000) * 11 / 10));
  }

  @Test
  void no_restarts_take_no_time() {
    assertThat(new RestartSettings(0, Duration.ofSeconds(1), Duration.ofSeconds(3)).longest())
        .isZero();
  }
}
