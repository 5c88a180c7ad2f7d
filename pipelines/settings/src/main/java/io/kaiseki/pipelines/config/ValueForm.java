package io.kaiseki.pipelines.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form that the values of a setting have.
 *
 * @param expected the form in words, to follow "expected", such as {@code a whole number from 1 to
 *     64}
 * @param parse reads a scalar as it stands in the file; empty where it does not have the form
 * @param accepts whether a value is within its bounds
 */
public record ValueForm<T>(
    String expected, Function<String, Optional<T>> parse, Predicate<T> accepts) {

  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h)");

  /** The value of a scalar, or empty where it lacks the form or exceeds its bounds. */
  public Optional<T> read(String scalar) {
    return parse.apply(scalar).filter(accepts);
  }

  /** Any text that is not blank. */
  public static ValueForm<String> text() {
    return new ValueForm<>("text", Optional::of, value -> !value.isBlank());
  }

  /** The name of an analysis. It becomes part of metrics and transaction ids, hence the letters. */
  public static ValueForm<String> name() {
    return matching(
        "lower-case letters, digits and hyphens, a letter first, 63 characters at most", NAME);
  }

  /** A name that Kafka accepts for a topic. */
  public static ValueForm<String> topic() {
    return new ValueForm<>(
        "a Kafka topic: letters, digits, '.', '_' and '-', 249 characters at most",
        Optional::of,
        value -> TOPIC.matcher(value).matches() && !value.equals(".") && !value.equals(".."));
  }

  /** A SHA-256 in hex; read in either case, kept in lower case. */
  public static ValueForm<String> sha256() {
    return new ValueForm<>(
        "a SHA-256 as 64 hexadecimal digits",
        value -> Optional.of(value.toLowerCase(Locale.ROOT)),
        value -> SHA_256.matcher(value).matches());
  }

  /** A whole number within inclusive bounds. */
  public static ValueForm<Integer> integer(int least, int most) {
    return new ValueForm<>(
        "a whole number from " + least + " to " + most,
        ValueForm::parseInteger,
        value -> value >= least && value <= most);
  }

  /** A probability over 0 and up to 1. */
  public static ValueForm<Double> probability() {
    return new ValueForm<>(
        "a number over 0 and at most 1", ValueForm::parseDecimal, value -> value > 0 && value <= 1);
  }

  /** A span of time within inclusive bounds: a whole number and one of ms, s, m, h. */
  public static ValueForm<Duration> duration(Duration least, Duration most) {
    return new ValueForm<>(
        "a duration such as 500ms, 30s or 2m, from " + show(least) + " to " + show(most),
        ValueForm::parseDuration,
        value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
  }

  /** {@code true} or {@code false}. */
  public static ValueForm<Boolean> bool() {
    return new ValueForm<>(
        "true or false",
        value ->
            switch (value) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            },
        value -> true);
  }

  /** One of some words. */
  public static ValueForm<String> oneOf(String... words) {
    List<String> allowed = List.copyOf(Arrays.asList(words));
    return new ValueForm<>("one of " + String.join(", ", allowed), Optional::of, allowed::contains);
  }

  private static ValueForm<String> matching(String expected, Pattern pattern) {
    return new ValueForm<>(expected, Optional::of, value -> pattern.matcher(value).matches());
  }

  private static Optional<Integer> parseInteger(String value) {
    try {
      return Optional.of(Integer.valueOf(value));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static Optional<Double> parseDecimal(String value) {
    try {
      return Optional.of(Double.valueOf(value));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> parseDuration(String value) {
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        });
  }

  /** Writes a value in the form in which it is read. */
  public static String show(Object value) {
    if (!(value instanceof Duration duration)) {
      return value.toString();
    }
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 3600 == 0 && seconds > 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
