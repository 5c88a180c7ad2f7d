package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.job.RawRecord;
import io.kaiseki.pipelines.job.RawRecord.RawHeader;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter and where it stands.
 *
 * @param partition partition of the topic of dead letters
 * @param offset offset in it
 * @param letter what stands there
 */
public record StoredLetter(int partition, long offset, DeadLetter letter) {

  /** Where it stands, short: its topic is known to whoever reads this. */
  public String position() {
    return position(partition, offset);
  }

  static String position(int partition, long offset) {
    return partition + "@" + offset;
  }

  /** Where its record came from. */
  public String source() {
    return letter.getSourceTopic()
        + "-"
        + letter.getSourcePartition()
        + "@"
        + letter.getSourceOffset();
  }

  /**
   * Whether its record is a row or a file of an archive that could not be read, and so no document
   * that a topic could take.
   */
  boolean ofUnreadableEntry() {
    return letter.getReason() == DeadLetterReason.UNDECODABLE
        && letter.getSourceTopic().startsWith(RawRecord.OF_FILE);
  }

  /** How often its document was tried, over all redrives; 1 where it never reached the engine. */
  public int attempts() {
    return Math.max(letter.getAttempts(), 1);
  }

  /** The original record; empty of key, value and headers where the letter leaves them out. */
  RawRecord original() {
    return new RawRecord(
        letter.getSourceTopic(),
        letter.getSourcePartition(),
        letter.getSourceOffset(),
        letter.getSourceTimestamp().toEpochMilli(),
        bytes(letter.getOriginalKey()),
        bytes(letter.getOriginalValue()),
        letter.getOriginalHeaders().stream()
            .map(header -> new RawHeader(header.getKey(), bytes(header.getValue())))
            .toList());
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
