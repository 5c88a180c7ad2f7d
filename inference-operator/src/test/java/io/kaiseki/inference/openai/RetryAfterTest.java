package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  @Test
  void seconds_and_dates_are_read() {
    assertThat(read("2.5")).isEqualTo(Duration.ofMillis(2_500));
    assertThat(read(date(ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(10))))
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "86401",
        "1e300",
        "Infinity",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 1 Jan 2099 00:00:00 GMT"
      })
  void no_server_is_left_alone_for_more_than_a_day(String header) {
    assertThat(read(header)).isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "-1e300", "NaN", "Thu, 1 Jan 1970 00:00:00 GMT"})
  void what_lies_in_the_past_is_no_wait(String header) {
    assertThat(read(header)).isEqualTo(Duration.ZERO);
  }

  @Test
  void what_is_neither_seconds_nor_a_date_is_left_out() {
    assertThat(read("soon")).isNull();
    assertThat(FaultReader.retryAfter(HttpHeaders.of(Map.of(), (name, value) -> true))).isNull();
  }

  private static String date(ZonedDateTime at) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(at);
  }

  private static @Nullable Duration read(String header) {
    return FaultReader.retryAfter(
        HttpHeaders.of(Map.of("Retry-After", List.of(header)), (name, value) -> true));
  }
}
