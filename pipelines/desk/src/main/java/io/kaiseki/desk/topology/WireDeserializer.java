package io.kaiseki.desk.topology;

import io.kaiseki.desk.model.BadRecordException;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads records in the Confluent wire format. While the registry can't answer, it waits: the record
 * is not at fault. A record that is no record of its topic is a {@link BadRecordException}.
 *
 * <p>Safe for use by many threads.
 *
 * @param <A> type of the Avro record
 * @param <T> what is made of it
 */
final class WireDeserializer<A, T> implements Deserializer<T> {

  private static final Logger LOG = LoggerFactory.getLogger(WireDeserializer.class);

  /** Short enough that the thread is not taken for dead by the broker. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ThreadLocal<AvroDecoder<A>> decoders;
  private final BiFunction<A, byte[], T> reading;
  private final CountDownLatch stopped;

  /**
   * @param reading makes something of the record and the bytes that it came in
   * @param stopped ends all waiting when it is counted down
   */
  WireDeserializer(
      Supplier<AvroDecoder<A>> decoders, BiFunction<A, byte[], T> reading, CountDownLatch stopped) {
    this.decoders = ThreadLocal.withInitial(decoders);
    this.reading = reading;
    this.stopped = stopped;
  }

  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    Decoded<A> decoded = decode(topic, bytes);
    if (decoded instanceof Decoded.Value<A> value) {
      try {
        return reading.apply(value.record(), bytes);
      } catch (IllegalArgumentException e) {
        throw new BadRecordException(String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        // Named only: its text may quote the record.
        throw new BadRecordException("the record can't be read: " + e.getClass().getName(), e);
      }
    }
    Decoded.Undecodable<A> undecodable = (Decoded.Undecodable<A>) decoded;
    throw new BadRecordException(undecodable.reason() + ": " + undecodable.message());
  }

  private Decoded<A> decode(String topic, byte[] bytes) {
    Instant limit = Instant.now().plus(PATIENCE);
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return decoders.get().decode(bytes);
      } catch (RegistryUnavailableException e) {
        if (Instant.now().isAfter(limit) || isStoppedWithin(pause)) {
          throw e;
        }
        LOG.warn("registry unavailable, waiting topic={} cause={}", topic, e.getMessage());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
  }

  private boolean isStoppedWithin(Duration time) {
    try {
      return stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
