package io.kaiseki.pipelines.deadletters;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a moment in the past as people write it. */
public final class Since {

  /** What is read, in words, to follow "expected". */
  public static final String EXPECTED =
      "a duration such as 90s, 30m, 24h or 7d, a day such as 2026-01-31 (UTC), or a moment such as"
          + " 2026-01-31T08:00:00Z";

  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})\\s*([smhd])");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  private Since() {}

  /**
   * Reads a duration before now, a day or a moment with its offset.
   *
   * @return empty where it is none of these
   */
  public static Optional<Instant> read(String text, Instant now) {
    String trimmed = text.strip();
    Matcher ago = AGO.matcher(trimmed);
    try {
      if (ago.matches()) {
        return Optional.of(now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2))));
      }
      return Optional.of(
          DAY.matcher(trimmed).matches()
              ? LocalDate.parse(trimmed).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(trimmed).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
