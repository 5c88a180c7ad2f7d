package io.kaiseki.pipelines.backfill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedTimeTest {

  @Test
  void a_time_has_the_milliseconds_that_a_record_holds() {
    assertThat(ReceivedTime.parse("2026-01-31 08:00:00.123456"))
        .contains(Instant.parse("2026-01-31T08:00:00.123Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-999999999-01-01T00:00", // LocalDateTime.MIN, which exports write for "never"
        "+999999999-12-31",
        "99999999999999999999",
        "yesterday"
      })
  void what_no_record_can_hold_is_no_time(String text) {
    assertThat(ReceivedTime.parse(text)).isEmpty();
  }
}
