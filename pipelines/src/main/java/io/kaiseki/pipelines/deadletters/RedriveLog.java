package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.kafka.CommittedRecords;
import io.kaiseki.pipelines.kafka.ReadListener;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Which letters have been sent again. It is a compacted topic beside that of the letters, with one
 * record for each letter that was sent, written in the same transaction as the record itself: both
 * are there or neither is. Offsets of a consumer group would not do, since a redrive by reason
 * leaves letters out that a later one takes.
 *
 * <p>Keys are {@code TOPIC-ID/PARTITION/OFFSET} of the letter, so that a topic of letters that was
 * deleted and made anew starts without a past. Values are the time of sending.
 */
final class RedriveLog {

  private static final String SUFFIX = ".redriven";
  private static final Pattern KEY = Pattern.compile("([^/]+)/([0-9]{1,9})/([0-9]{1,18})");

  private final String topic;
  private final Uuid letters;
  private final OffsetSet sent = new OffsetSet();

  private RedriveLog(String topic, Uuid letters) {
    this.topic = topic;
    this.letters = letters;
  }

  /** The topic of the log that belongs to a topic of dead letters. */
  static String topic(String deadLetters) {
    return deadLetters + SUFFIX;
  }

  /** A log without entries, where there is no topic yet. */
  static RedriveLog empty(String deadLetters, Uuid id) {
    return new RedriveLog(topic(deadLetters), id);
  }

  /**
   * Reads what was committed until now.
   *
   * @param id id of the topic of dead letters
   */
  static RedriveLog read(KafkaSettings kafka, String deadLetters, Uuid id) {
    RedriveLog log = empty(deadLetters, id);
    try (CommittedRecords records = new CommittedRecords(kafka, log.topic)) {
      records.forEach(
          ReadListener.NONE,
          record -> {
            if (record.value() != null) {
              log.note(record.key());
            }
          });
    }
    return log;
  }

  boolean contains(StoredLetter letter) {
    return sent.contains(letter.partition(), letter.offset());
  }

  /** The entry of a letter that is sent now. */
  ProducerRecord<byte[], byte[]> entry(StoredLetter letter) {
    String key = letters + "/" + letter.partition() + "/" + letter.offset();
    return new ProducerRecord<>(topic, ascii(key), ascii(Instant.now().toString()));
  }

  private void note(byte @Nullable [] key) {
    Matcher parts = KEY.matcher(key == null ? "" : new String(key, StandardCharsets.US_ASCII));
    if (parts.matches() && parts.group(1).equals(letters.toString())) {
      sent.add(Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3)));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
