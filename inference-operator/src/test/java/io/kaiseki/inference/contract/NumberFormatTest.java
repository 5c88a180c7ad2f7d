package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberFormatTest {

  private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");

  private static NumberFormat format(String minimum, String maximum, int fractionDigits) {
    return new NumberFormat(
        new AnswerType.Number(
            new BigDecimal(minimum).setScale(fractionDigits),
            new BigDecimal(maximum).setScale(fractionDigits),
            fractionDigits));
  }

  /** All strings that the format lets be written; fails at a prefix that leads nowhere. */
  private static void collect(NumberFormat format, String prefix, Set<String> values) {
    boolean alive = format.canEnd(prefix);
    if (alive) {
      values.add(prefix);
    }
    for (char next : ScalarFormat.ALPHABET.toCharArray()) {
      if (format.canExtend(prefix, next)) {
        alive = true;
        collect(format, prefix + next, values);
      }
    }
    if (!alive || prefix.length() > format.maxLength()) {
      fail(
          "the prefix \"%s\" leads to no number of at most %s characters",
          prefix, format.maxLength());
    }
  }

  /** All ways to write the numbers between the bounds with up to so many digits after the point. */
  private static Set<String> expected(String minimum, String maximum, int fractionDigits) {
    Set<String> values = new TreeSet<>();
    for (int digits = 0; digits <= fractionDigits; digits++) {
      BigDecimal step = BigDecimal.ONE.movePointLeft(digits);
      BigDecimal value = new BigDecimal(minimum).setScale(digits, RoundingMode.CEILING);
      for (; value.compareTo(new BigDecimal(maximum)) <= 0; value = value.add(step)) {
        values.add(value.toPlainString());
      }
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "5, 5, 0",
    "-5, -5, 0",
    "0, 9, 0",
    "0, 10, 0",
    "7, 23, 0",
    "98, 1002, 0",
    "-3, 4, 0",
    "-1205, -7, 0",
    "-120, 0, 0",
    "-9, 100, 0",
    "0, 1, 2",
    "-1, 1, 2",
    "-0.5, 0, 1",
    "-0.05, 0.05, 2",
    "0.125, 0.125, 3",
    "0.99, 1.01, 2",
    "-12.5, -9.75, 2",
    "9.9, 100.1, 1",
    "-0.999, 0.999, 3",
    "0.001, 0.009, 3",
  })
  void exactly_the_numbers_within_the_bounds_can_be_written_and_no_prefix_is_a_dead_end(
      String minimum, String maximum, int fractionDigits) {
    Set<String> values = new TreeSet<>();
    collect(format(minimum, maximum, fractionDigits), "", values);

    assertThat(values).isEqualTo(expected(minimum, maximum, fractionDigits));
    assertThat(values).allMatch(value -> JSON_NUMBER.matcher(value).matches());
  }

  @Test
  void every_small_range_of_whole_numbers_is_exact() {
    IntStream.rangeClosed(-23, 23)
        .forEach(
            minimum ->
                IntStream.rangeClosed(minimum, 23)
                    .forEach(
                        maximum -> {
                          Set<String> values = new TreeSet<>();
                          collect(format("" + minimum, "" + maximum, 0), "", values);
                          assertThat(values).isEqualTo(expected("" + minimum, "" + maximum, 0));
                        }));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, -1_000_000_000_000L, 0})
  void the_bounds_of_long_can_be_written_and_nothing_beyond(long value) {
    NumberFormat format = format("" + Long.MIN_VALUE, "" + Long.MAX_VALUE, 0);
    String text = Long.toString(value);

    for (int i = 0; i < text.length(); i++) {
      assertThat(format.canExtend(text.substring(0, i), text.charAt(i))).isTrue();
    }
    assertThat(format.canEnd(text)).isTrue();
    assertThat(format.canExtend("922337203685477580", '8')).isFalse();
    assertThat(format.canExtend("-922337203685477580", '9')).isFalse();
    assertThat(format.canExtend("9223372036854775807", '0')).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "-0", "-0.0", "1.", "."})
  void what_is_no_number_yet_or_a_negative_zero_can_not_end(String text) {
    assertThat(format("-5", "5", 1).canEnd(text)).isFalse();
  }
}
