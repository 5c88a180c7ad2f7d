package io.kaiseki.pipelines.backfill.archive;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Times as archives write them; without an offset they count as UTC. */
final class ReceivedTime {

  /** A number of so many digits counts milliseconds since 1970, one of fewer counts seconds. */
  private static final int MILLIS_DIGITS = 12;

  private static final List<Function<String, Instant>> FORMS =
      List.of(
          text -> OffsetDateTime.parse(text.replace(' ', 'T')).toInstant(),
          text -> LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC),
          text -> LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant(),
          text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from),
          ReceivedTime::sinceEpoch);

  private ReceivedTime() {}

  /**
   * ISO 8601, RFC 1123, or seconds or milliseconds since 1970; empty for anything else, and for
   * what a record can't hold as milliseconds, such as the least and the greatest time of Java.
   */
  static Optional<Instant> parse(String text) {
    for (Function<String, Instant> form : FORMS) {
      try {
        Instant time = form.apply(text);
        return Optional.of(Instant.ofEpochMilli(time.toEpochMilli()));
      } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
        continue;
      }
    }
    return Optional.empty();
  }

  private static Instant sinceEpoch(String digits) {
    long number = Long.parseLong(digits);
    return digits.length() >= MILLIS_DIGITS
        ? Instant.ofEpochMilli(number)
        : Instant.ofEpochSecond(number);
  }
}
