package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.job.RawRecord.RawHeader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header that tells how often a document was tried before: a decimal number in ASCII. A record
 * that is sent again carries it, and the dead letter that may come of it counts on from there, so
 * that a document that keeps failing comes to an end.
 */
public final class AttemptsHeader {

  /** Its name; what it holds in a record of another origin is taken for the same. */
  public static final String NAME = "kaiseki-attempts";

  /** Nine digits, so that no number of a stranger overflows a sum. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private AttemptsHeader() {}

  /**
   * The attempts that the last such header tells of; 0 without one, or where it holds no number.
   */
  public static int read(Collection<RawHeader> headers) {
    return headers.stream()
        .filter(header -> header.key().equals(NAME))
        .reduce((earlier, later) -> later)
        .map(header -> number(header.value()))
        .orElse(0);
  }

  /**
   * All attempts of a record that was tried now.
   *
   * @param own attempts of the engine now; 0 where the document never reached it, which is an
   *     attempt none the less for a record that was sent again
   */
  static int total(Collection<RawHeader> headers, int own) {
    int before = read(headers);
    return before == 0 ? own : before + Math.max(own, 1);
  }

  /** The bytes of the header's value. */
  public static byte[] value(int attempts) {
    return String.valueOf(attempts).getBytes(StandardCharsets.US_ASCII);
  }

  private static int number(byte @Nullable [] value) {
    String text = value == null ? "" : new String(value, StandardCharsets.US_ASCII);
    return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
  }
}
