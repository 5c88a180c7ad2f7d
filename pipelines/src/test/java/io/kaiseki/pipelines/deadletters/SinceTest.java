package io.kaiseki.pipelines.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinceTest {

  private static final Instant NOW = Instant.parse("2026-02-10T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "90s, 2026-02-10T11:58:30Z",
    "30m, 2026-02-10T11:30:00Z",
    "24h, 2026-02-09T12:00:00Z",
    "7 d, 2026-02-03T12:00:00Z",
    "2026-01-31, 2026-01-31T00:00:00Z",
    "2026-01-31T08:00:00Z, 2026-01-31T08:00:00Z",
    "2026-01-31T08:00:00+01:00, 2026-01-31T07:00:00Z",
  })
  void a_duration_a_day_or_a_moment_is_a_moment_in_the_past(String text, Instant moment) {
    assertThat(Since.read(text, NOW)).contains(moment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "24", "h", "-3h", "2026-02-30", "2026-01-31T08:00"})
  void anything_else_is_refused(String text) {
    assertThat(Since.read(text, NOW)).isEmpty();
  }

  @Test
  void what_is_expected_is_told_by_examples_that_are_read() {
    for (String example : new String[] {"90s", "30m", "24h", "7d", "2026-01-31"}) {
      assertThat(Since.EXPECTED).contains(example);
      assertThat(Since.read(example, NOW)).isPresent();
    }
  }
}
