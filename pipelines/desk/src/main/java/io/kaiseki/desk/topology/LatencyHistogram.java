package io.kaiseki.desk.topology;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Latencies of one minute as bytes: two digits of precision, up to a week. */
public final class LatencyHistogram {

  /** What took longer counts as this long. */
  public static final Duration LONGEST = Duration.ofDays(7);

  private static final int DIGITS = 2;

  private LatencyHistogram() {}

  /** One without any latency. */
  public static Histogram empty() {
    return new Histogram(1, LONGEST.toMillis(), DIGITS);
  }

  /** Reads what {@link #write} wrote; null gives an empty one. */
  public static Histogram read(@Nullable ByteBuffer bytes) {
    return bytes == null
        ? empty()
        : Histogram.decodeFromByteBuffer(bytes.duplicate(), LONGEST.toMillis());
  }

  /** Its bytes, few where most latencies are alike. */
  public static ByteBuffer write(Histogram histogram) {
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    histogram.encodeIntoByteBuffer(bytes);
    return bytes.flip();
  }
}
