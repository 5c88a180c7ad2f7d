package io.kaiseki.desk.topology;

import io.kaiseki.desk.state.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Goes round the entries of a partition for those that are past keeping, a portion at a time. What
 * is removed at one time is one transaction, which the broker gives up if it takes too long, and no
 * record is taken in meanwhile.
 */
final class Sweep {

  /** Most entries that a portion looks at. */
  static final int PORTION = 1_000;

  /** Entries may be large, and then fewer have to do. */
  static final Duration LONGEST = Duration.ofMillis(200);

  private final KeyValueStore<String, Entry> entries;
  private final LongSupplier nanos;

  /** Where the next portion begins; null at the beginning of a round. */
  private @Nullable String next;

  /**
   * @param nanos a clock, such as {@link System#nanoTime}
   */
  Sweep(KeyValueStore<String, Entry> entries, LongSupplier nanos) {
    this.entries = entries;
    this.nanos = nanos;
  }

  /**
   * Looks at the next portion.
   *
   * @param limit entries of which nothing was heard since then are past keeping
   * @param old takes each of those, and may delete it
   * @return whether it was the last one of this round
   */
  boolean portion(Instant limit, Consumer<Entry> old) {
    long start = nanos.getAsLong();
    int looked = 0;
    try (KeyValueIterator<String, Entry> rest = entries.range(next, null)) {
      while (rest.hasNext() && looked < PORTION && (looked == 0 || isInTime(start))) {
        Entry entry = rest.next().value;
        looked++;
        if (entry.getChangedAt().isBefore(limit)) {
          old.accept(entry);
        }
      }
      next = rest.hasNext() ? rest.peekNextKey() : null;
    }
    return next == null;
  }

  private boolean isInTime(long start) {
    return nanos.getAsLong() - start < LONGEST.toNanos();
  }
}
