package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.ValueForm;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The largest record that a job writes. Kafka's producer refuses a larger one by an exception,
 * which would fail the job, and again after every restart, so a record is measured before it is
 * handed over: a result by {@link RouteResults}, a dead letter by {@link
 * DeadLetterRecordSerializer}.
 *
 * <p>The user's own {@code max.request.size} decides; without it, 64 MiB. What topics take besides
 * is asked for by {@link LargestResult}, and that of the dead letters is checked before a run by
 * {@link Readiness}.
 *
 * @param bytes of a record before compression, its share of a batch included
 */
public record LargestRecord(int bytes) implements Serializable {

  /** The setting as a user writes it. */
  static final String KEY = "kafka." + ProducerConfig.MAX_REQUEST_SIZE_CONFIG;

  /** Kafka's own default. */
  private static final long LEAST_BUFFER_BYTES = 32L << 20;

  // Upper bounds of what Kafka's message format 2 adds: of a batch with one record, of a header.
  private static final int RECORD_OVERHEAD_BYTES = 128;
  private static final int HEADER_OVERHEAD_BYTES = 10;

  private static final LargestRecord DEFAULT = new LargestRecord(64 << 20);

  private static final ValueForm<Integer> FORM = ValueForm.integer(1, Integer.MAX_VALUE);

  /**
   * As these settings have it.
   *
   * @throws ConfigurationException if {@code max.request.size} is no positive number
   */
  public static LargestRecord of(KafkaSettings settings) {
    String value = settings.client().get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    if (value == null) {
      return DEFAULT;
    }
    return FORM.read(value.strip())
        .map(LargestRecord::new)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    List.of(new ConfigurationProblem(KEY, value, "expected " + FORM.expected()))));
  }

  /** Lets a producer send such records: its buffer must hold one whole. */
  public void applyTo(Properties producer) {
    producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(bytes));
    producer.putIfAbsent(
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        String.valueOf(Math.max(LEAST_BUFFER_BYTES, 2L * bytes)));
    // Topics limit what is compressed: a record that its producer made fit must fit again.
    producer.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
  }

  /** Whether a record is small enough. */
  boolean admits(ProducerRecord<byte[], byte[]> record) {
    return size(record) <= bytes;
  }

  /** Bytes of a record before compression, at most, its share of a batch included. */
  static long size(ProducerRecord<byte[], byte[]> record) {
    long size = RECORD_OVERHEAD_BYTES + length(record.key()) + length(record.value());
    for (Header header : record.headers()) {
      size +=
          HEADER_OVERHEAD_BYTES
              + header.key().getBytes(StandardCharsets.UTF_8).length
              + length(header.value());
    }
    return size;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
