package io.kaiseki.pipelines.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports of which the first that is free is taken, or none at all.
 *
 * @param first 0, alone, stands for any free port, and -1 for none
 * @param last not under the first
 */
public record PortRange(int first, int last) {

  /** No port. */
  public static final PortRange OFF = new PortRange(-1, -1);

  private static final String OFF_WORD = "off";
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
  private static final int HIGHEST = 65_535;

  /** The form of a setting that takes one. */
  public static ValueForm<PortRange> form() {
    return new ValueForm<>(
        "a port such as 9464, a range such as 9464-9483, 0 for any free port, or off",
        PortRange::parse,
        range -> range.last <= HIGHEST && range.first <= range.last);
  }

  /** Whether there is none. */
  public boolean isOff() {
    return equals(OFF);
  }

  @Override
  public String toString() {
    return isOff() ? OFF_WORD : first == last ? String.valueOf(first) : first + "-" + last;
  }

  private static Optional<PortRange> parse(String text) {
    if (text.equals(OFF_WORD)) {
      return Optional.of(OFF);
    }
    Matcher matcher = RANGE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int first = Integer.parseInt(matcher.group(1));
    return Optional.of(
        new PortRange(
            first, matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2))));
  }
}
