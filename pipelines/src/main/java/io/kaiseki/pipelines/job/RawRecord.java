package io.kaiseki.pipelines.job;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record as it was read, byte for byte. Its arrays must not be changed.
 *
 * @param topic topic it was read from; of an entry of an archive {@link #OF_FILE} and the file's
 *     name
 * @param partition partition it was read from
 * @param offset offset it was read from
 * @param timestamp milliseconds since 1970, or -1 where the record has none
 * @param key null where it has none
 * @param value null where it has none
 * @param headers in their order; a name may occur more than once
 */
public record RawRecord(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<RawHeader> headers) {

  /** In front of the name of a file, where records have their topic. No topic can be named so. */
  public static final String OF_FILE = "file:";

  public RawRecord {
    headers = List.copyOf(headers);
  }

  /** A record as Kafka's client gives it. */
  public static RawRecord of(ConsumerRecord<byte[], byte[]> record) {
    List<RawHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new RawHeader(header.key(), header.value()));
    }
    return new RawRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        headers);
  }

  /** Where it stands, for messages and logs. */
  public String coordinates() {
    return topic + "-" + partition + "@" + offset;
  }

  /**
   * A header.
   *
   * @param key its name
   * @param value null where it has none
   */
  public record RawHeader(String key, byte @Nullable [] value) {}
}
