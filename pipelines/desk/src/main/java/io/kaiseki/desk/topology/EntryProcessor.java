package io.kaiseki.desk.topology;

import io.kaiseki.desk.model.BadRecordException;
import io.kaiseki.desk.model.Change;
import io.kaiseki.desk.model.Entries;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.Minute;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the entries of a partition and everything that is counted over them. A change, its counts
 * and the offset of the record that told it are committed in one transaction. A record that can't
 * be taken in leaves no trace and is a {@link BadRecordException}, whatever was wrong with it.
 */
final class EntryProcessor implements Processor<String, Change, Void, Void> {

  /** From the beginning of one round to that of the next, unless the first takes longer. */
  private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);

  /** Between the portions of a round, for records that wait. */
  static final Duration SWEEP_PAUSE = Duration.ofSeconds(1);

  private static final Serializer<Entry> SERIALIZER = StateSerdes.entries().serializer();

  private final Duration retention;
  private final EntryListener listener;

  private @Nullable ProcessorContext<Void, Void> context;
  private @Nullable State state;

  /** The portions that are still to come of a round; null between rounds. */
  private @Nullable Cancellable portions;

  /**
   * @param retention how long a document is kept after the desk last learnt something about it
   */
  EntryProcessor(Duration retention, EntryListener listener) {
    this.retention = retention;
    this.listener = listener;
  }

  private record State(
      int partition,
      KeyValueStore<String, Entry> entries,
      KeyValueStore<String, Long> tallies,
      Minutes minutes,
      Sweep sweep) {}

  /** Everything that a change brings, before any of it is kept. */
  private record Next(
      Entry entry, Map<String, Long> tallies, Map<Long, Minute> minutes, Runnable shown) {}

  @Override
  public void init(ProcessorContext<Void, Void> given) {
    KeyValueStore<String, Entry> entries = given.getStateStore(Stores.ENTRIES);
    KeyValueStore<Long, Minute> minutes = given.getStateStore(Stores.MINUTES);
    State opened =
        new State(
            given.taskId().partition(),
            entries,
            given.getStateStore(Stores.TALLIES),
            new Minutes(minutes),
            new Sweep(entries, System::nanoTime));
    context = given;
    state = opened;
    given.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::beginSweep);
    try (KeyValueIterator<String, Entry> all = opened.entries().all()) {
      listener.opened(opened.partition(), values(all));
    }
  }

  @Override
  public void process(Record<String, Change> record) {
    State open = opened();
    Change change = record.value() == null ? new Change.Forgotten() : record.value();
    String id = record.key();
    if (id == null || (change.id() != null && !id.equals(change.id()))) {
      throw new BadRecordException(
          id == null
              ? "the record has no key; it must be the document's id"
              : "the record's key is not the id of the document that it is about");
    }
    Entry before = open.entries().get(id);
    if (change instanceof Change.Forgotten) {
      if (before != null) {
        remove(open, before);
      }
      return;
    }
    Next next = next(open, id, before, change);
    open.entries().put(id, next.entry());
    tally(open, next.tallies());
    open.minutes().keep(next.minutes());
    next.shown().run();
  }

  private Next next(State open, String id, @Nullable Entry before, Change change) {
    Instant now = now();
    try {
      Entry after = OwnRecords.checked(id, Entries.after(id, before, change, now), SERIALIZER);
      return new Next(
          after,
          Tallies.difference(before, after),
          open.minutes().counted(before, after, now),
          listener.changing(open.partition(), after));
    } catch (KafkaException | BadRecordException e) {
      throw e;
    } catch (RuntimeException e) {
      // Read again it would do the same again, and the desk would never get past it.
      throw new BadRecordException("the record can't be taken in: " + e.getClass().getName(), e);
    }
  }

  @Override
  public void close() {
    endSweep();
    if (state != null) {
      listener.closed(state.partition());
    }
  }

  /** Begins a round, unless the one before still goes on. */
  private void beginSweep(long timestamp) {
    opened().minutes().forget(Instant.ofEpochMilli(timestamp));
    if (portions == null && !sweep(timestamp)) {
      // Not on a schedule all the time: each time is a transaction, whatever there is to do.
      portions =
          context().schedule(SWEEP_PAUSE, PunctuationType.WALL_CLOCK_TIME, this::continueSweep);
    }
  }

  private void continueSweep(long timestamp) {
    if (sweep(timestamp)) {
      endSweep();
    }
  }

  private void endSweep() {
    if (portions != null) {
      portions.cancel();
      portions = null;
    }
  }

  private boolean sweep(long timestamp) {
    State open = opened();
    Instant limit = Instant.ofEpochMilli(timestamp).minus(retention);
    return open.sweep().portion(limit, entry -> remove(open, entry));
  }

  private void remove(State open, Entry entry) {
    open.entries().delete(entry.getId());
    tally(open, Tallies.difference(entry, null));
    listener.removed(open.partition(), entry.getId());
  }

  private static void tally(State open, Map<String, Long> difference) {
    difference.forEach(
        (key, delta) -> {
          Long count = open.tallies().get(key);
          long sum = (count == null ? 0 : count) + delta;
          open.tallies().put(key, sum == 0 ? null : sum);
        });
  }

  private Instant now() {
    return Instant.ofEpochMilli(context().currentSystemTimeMs());
  }

  private ProcessorContext<Void, Void> context() {
    if (context == null) {
      throw new IllegalStateException("not initialised");
    }
    return context;
  }

  private State opened() {
    if (state == null) {
      throw new IllegalStateException("not initialised");
    }
    return state;
  }

  private static Iterator<Entry> values(KeyValueIterator<String, Entry> all) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public Entry next() {
        return all.next().value;
      }
    };
  }
}
