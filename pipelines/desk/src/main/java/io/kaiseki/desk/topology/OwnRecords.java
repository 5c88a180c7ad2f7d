package io.kaiseki.desk.topology;

import io.kaiseki.desk.model.BadRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Bounds the records that the desk writes to topics of its own. One that its topic refuses would
 * spoil the whole transaction, and stop the desk again after each restart; so what would become too
 * large is a bad record before anything of it is written.
 */
public final class OwnRecords {

  /**
   * Most bytes of a record of the desk's own topics, as they are set up; 8 MiB is what hosted
   * clusters still allow.
   */
  public static final int LARGEST = 8 << 20;

  /** For what Kafka writes around a record, and for the little by which compression may fail. */
  private static final int AROUND = 64 << 10;

  private static final String CUT = "…";

  private OwnRecords() {}

  /**
   * Lets pass what the topics take.
   *
   * @throws BadRecordException if the record would be too large
   */
  static <T> T checked(String key, T value, Serializer<T> serializer) {
    long bytes = (long) bytes(key) + serializer.serialize("", value).length;
    if (bytes > LARGEST - AROUND) {
      throw new BadRecordException(
          "with this record, what is kept of its document would have %d bytes; at most %d fit"
              .formatted(bytes, LARGEST - AROUND));
    }
    return value;
  }

  /** The beginning of a text, with an ellipsis where something is left out. */
  static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    // A pair of surrogates must not be torn apart.
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + CUT;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
