package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.LocalDate;
import java.time.Year;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DateTimeFormatTest {

  private final DateTimeFormat date = new DateTimeFormat(false);
  private final DateTimeFormat timestamp = new DateTimeFormat(true);

  private static boolean writes(DateTimeFormat format, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!format.canExtend(text.substring(0, i), text.charAt(i))) {
        return false;
      }
    }
    return format.canEnd(text);
  }

  private static int count(DateTimeFormat format, String prefix) {
    int values = format.canEnd(prefix) ? 1 : 0;
    boolean alive = values > 0;
    for (char next : ScalarFormat.ALPHABET.toCharArray()) {
      if (format.canExtend(prefix, next)) {
        alive = true;
        values += count(format, prefix + next);
      }
    }
    if (!alive) {
      fail("the prefix \"%s\" is a dead end", prefix);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 100, 400, 1900, 2000, 2023, 2024, 2026, 2100, 9999})
  void a_year_has_exactly_its_own_days(int year) {
    String prefix = String.format("%04d", year);

    assertThat(count(date, prefix)).isEqualTo(Year.of(year).length());
    for (LocalDate day = LocalDate.of(year, 1, 1), end = day.withDayOfYear(Year.of(year).length());
        !day.isAfter(end);
        day = day.plusDays(1)) {
      assertThat(writes(date, day.toString())).as(day.toString()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000-01-01", "2023-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-13-01",
        "2024-00-10", "2024-01-00", "2024-1-01", "20240101", "-024-01-01", "2024-01-011"
      })
  void no_other_day_can_be_written(String text) {
    assertThat(writes(date, text)).isFalse();
  }

  @Test
  void a_day_has_all_its_seconds_and_no_leap_second() {
    assertThat(count(timestamp, "2024-02-29T")).isEqualTo(24 * 60 * 60);
    assertThat(writes(timestamp, "2024-02-29T23:59:59Z")).isTrue();
    assertThat(writes(timestamp, "2024-02-29T23:59:60Z")).isFalse();
    assertThat(writes(timestamp, "2024-02-29T24:00:00Z")).isFalse();
    assertThat(writes(timestamp, "2024-02-29 00:00:00Z")).isFalse();
    assertThat(writes(timestamp, "2024-02-29")).isFalse();
  }

  @Test
  void every_year_from_1_to_9999_can_be_written() {
    for (int year = 1; year <= 9999; year++) {
      assertThat(writes(date, LocalDate.of(year, 12, 31).toString())).isTrue();
    }
  }
}
