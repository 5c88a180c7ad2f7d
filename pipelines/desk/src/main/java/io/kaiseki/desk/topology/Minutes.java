package io.kaiseki.desk.topology;

import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.desk.state.Minute;
import io.kaiseki.desk.state.Review;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Histogram;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens, minute by minute, at the time at which it happened. Only steps that a
 * document takes for the first time count, so a record that comes twice counts once.
 */
public final class Minutes {

  /** How long a minute is remembered. */
  public static final Duration KEPT = Duration.ofDays(2);

  private final KeyValueStore<Long, Minute> store;

  Minutes(KeyValueStore<Long, Minute> store) {
    this.store = store;
  }

  /** What minutes are once a change is counted; none of it is kept yet. */
  Map<Long, Minute> counted(@Nullable Entry before, Entry after, Instant now) {
    Changed changed = new Changed(now);
    if (after.getDocument() != null && (before == null || before.getDocument() == null)) {
      changed.add(after.getDocument().getReceivedAt(), Minutes::received);
    }
    if (after.getFirstAnsweredAt() != null
        && (before == null || before.getFirstAnsweredAt() == null)) {
      changed.add(
          after.getFirstAnsweredAt(), minute -> minute.setAnswered(minute.getAnswered() + 1));
    }
    if (after.getLatencyCounted() && (before == null || !before.getLatencyCounted())) {
      Duration latency =
          Duration.between(after.getDocument().getReceivedAt(), after.getFirstAnsweredAt());
      changed.add(after.getFirstAnsweredAt(), minute -> latency(minute, latency));
    }
    if (isNewLetter(before, after.getLetter())) {
      changed.add(
          after.getLetter().getFailedAt(), minute -> minute.setFailed(minute.getFailed() + 1));
    }
    countReviews(before, after, changed);
    return changed.minutes;
  }

  /** Keeps what {@link #counted} has given. */
  void keep(Map<Long, Minute> minutes) {
    minutes.forEach(store::put);
  }

  /** Forgets the minutes that are past keeping. */
  void forget(Instant now) {
    try (var old = store.range(0L, minute(now.minus(KEPT)) - 1)) {
      old.forEachRemaining(entry -> store.delete(entry.key));
    }
  }

  /** The minute since 1970 that an instant lies in. */
  public static long minute(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), 60);
  }

  private static void countReviews(@Nullable Entry before, Entry after, Changed changed) {
    if (after.getReviews().isEmpty()) {
      return;
    }
    Review last = after.getReviews().get(after.getReviews().size() - 1);
    if (before == null || before.getReviews().isEmpty()) {
      changed.add(last.getAt(), minute -> minute.setReviewed(minute.getReviewed() + 1));
    }
    boolean corrects = !Objects.equals(last.getOld(), last.getValue());
    boolean known = before != null && before.getReviews().contains(last);
    if (corrects && !known) {
      changed.add(last.getAt(), minute -> minute.setCorrected(minute.getCorrected() + 1));
    }
  }

  private static boolean isNewLetter(@Nullable Entry before, @Nullable LetterCard letter) {
    return letter != null && (before == null || !letter.equals(before.getLetter()));
  }

  private static Minute.Builder received(Minute.Builder minute) {
    return minute.setReceived(minute.getReceived() + 1);
  }

  private static Minute.Builder latency(Minute.Builder minute, Duration latency) {
    Histogram histogram = LatencyHistogram.read(minute.getLatency());
    // Held against the limit first: a time from the end of all time is too long for milliseconds.
    Duration longest = LatencyHistogram.LONGEST;
    Duration counted = latency.compareTo(longest) > 0 ? longest : latency;
    histogram.recordValue(counted.isNegative() ? 1 : Math.max(1, counted.toMillis()));
    return minute.setLatency(LatencyHistogram.write(histogram));
  }

  /** The minutes that one change moves. */
  private final class Changed {

    private final Instant now;
    private final Map<Long, Minute> minutes = new HashMap<>();

    Changed(Instant now) {
      this.now = now;
    }

    void add(Instant when, UnaryOperator<Minute.Builder> count) {
      // An archive is years old; its minutes would be forgotten at once.
      if (when.isBefore(now.minus(KEPT)) || when.isAfter(now.plus(KEPT))) {
        return;
      }
      long key = minute(when);
      Minute before = minutes.containsKey(key) ? minutes.get(key) : store.get(key);
      Minute.Builder minute = before == null ? Minute.newBuilder() : Minute.newBuilder(before);
      minutes.put(key, count.apply(minute).build());
    }
  }
}
