package io.kaiseki.desk.view;

import io.kaiseki.desk.state.Minute;
import io.kaiseki.desk.topology.Minutes;
import io.kaiseki.desk.topology.Stores;
import io.kaiseki.desk.view.Counted.CountedMinute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Reads what the stores of this instance have counted, by interactive queries. */
final class LocalCounts {

  private LocalCounts() {}

  /**
   * Reads the counts.
   *
   * @param since the earliest minute that is wanted
   * @throws org.apache.kafka.streams.errors.InvalidStateStoreException while partitions move
   */
  static Counted read(KafkaStreams streams, Instant since, Set<Integer> partitions) {
    ReadOnlyKeyValueStore<String, Long> tallies =
        streams.store(
            StoreQueryParameters.fromNameAndType(
                Stores.TALLIES, QueryableStoreTypes.<String, Long>keyValueStore()));
    Map<String, Long> sums = new HashMap<>();
    try (KeyValueIterator<String, Long> all = tallies.all()) {
      all.forEachRemaining(entry -> sums.merge(entry.key, entry.value, Long::sum));
    }
    ReadOnlyKeyValueStore<Long, Minute> minutes =
        streams.store(
            StoreQueryParameters.fromNameAndType(
                Stores.MINUTES, QueryableStoreTypes.<Long, Minute>keyValueStore()));
    List<CountedMinute> found = new ArrayList<>();
    try (KeyValueIterator<Long, Minute> all =
        minutes.range(Minutes.minute(since), Long.MAX_VALUE)) {
      all.forEachRemaining(entry -> found.add(CountedMinute.of(entry.key, entry.value)));
    }
    return Counted.sum(List.of(new Counted(sums, found, partitions)));
  }
}
