package io.kaiseki.desk.view;

import io.kaiseki.desk.model.Status;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one partition, each with a number: a filter value is the set of the numbers of its
 * rows, and so is a search, so that pages and counts come from sets that meet and no row is looked
 * at that is not shown or sorted. Safe for use by many threads.
 */
final class RowIndex {

  static final String STATUS = "status";
  static final String REASON = "reason";
  static final String UNSURE = "unsure";

  private static final String TRUE = "true";

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<@Nullable Row> rows = new ArrayList<>();
  private final BitSet used = new BitSet();
  private final WordIndex words = new WordIndex();

  /** The rows by facet and value. */
  private final Map<String, Map<String, BitSet>> facets = new HashMap<>();

  /** Adds a row, or replaces the one of the same id. */
  void put(Row row, String text) {
    lock.writeLock().lock();
    try {
      Integer known = numbers.get(row.id());
      int number = known == null ? used.nextClearBit(0) : known;
      if (known == null) {
        numbers.put(row.id(), number);
        used.set(number);
        if (number == rows.size()) {
          rows.add(row);
        }
      } else {
        unfile(number);
      }
      rows.set(number, row);
      values(row).forEach((facet, value) -> of(facet, value).set(number));
      words.put(number, text);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Takes the row of this id out, if there is one. */
  void remove(String id) {
    lock.writeLock().lock();
    try {
      Integer number = numbers.remove(id);
      if (number != null) {
        unfile(number);
        words.remove(number);
        rows.set(number, null);
        used.clear(number);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** How many rows there are. */
  int size() {
    return reading(numbers::size);
  }

  /** How many rows there are for each value of a facet. */
  Map<String, Long> counts(String facet) {
    return reading(
        () ->
            facets.getOrDefault(facet, Map.of()).entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, value -> (long) value.getValue().cardinality())));
  }

  /** A page, and the counts beside the filters. */
  RowPage find(RowQuery query, int partition) {
    return reading(() -> answer(query, partition));
  }

  private RowPage answer(RowQuery query, int partition) {
    BitSet mentioned = mentioned(query.terms());
    Map<String, BitSet> filters = filters(query);
    BitSet matching = (BitSet) mentioned.clone();
    filters.values().forEach(matching::and);
    Map<String, Map<String, Long>> counts = new HashMap<>();
    facets.forEach(
        (facet, values) -> {
          boolean filtered = filters.containsKey(facet);
          Map<String, Long> found =
              counts(values, filtered ? without(facet, mentioned, filters) : matching);
          if (!found.isEmpty()) {
            counts.put(facet, found);
          }
        });
    return new RowPage(page(query, matching), matching.cardinality(), counts, Set.of(partition));
  }

  private BitSet mentioned(List<String> terms) {
    BitSet mentioned = (BitSet) used.clone();
    for (String term : terms) {
      if (mentioned.isEmpty()) {
        break;
      }
      mentioned.and(words.find(term));
    }
    return mentioned;
  }

  /** The rows that pass each filter that is set. */
  private Map<String, BitSet> filters(RowQuery query) {
    Map<String, BitSet> filters = new HashMap<>();
    if (!query.statuses().isEmpty()) {
      filters.put(
          STATUS,
          any(STATUS, query.statuses().stream().map(Status::word).collect(Collectors.toSet())));
    }
    if (!query.reasons().isEmpty()) {
      filters.put(REASON, any(REASON, query.reasons()));
    }
    if (query.unsure()) {
      filters.put(UNSURE, any(UNSURE, Set.of(TRUE)));
    }
    query
        .values()
        .forEach(
            (field, values) ->
                filters.put(RowQuery.FIELD + field, any(RowQuery.FIELD + field, values)));
    return filters;
  }

  private BitSet any(String facet, Set<String> values) {
    BitSet any = new BitSet();
    Map<String, BitSet> of = facets.getOrDefault(facet, Map.of());
    values.forEach(
        value -> {
          BitSet one = of.get(value);
          if (one != null) {
            any.or(one);
          }
        });
    return any;
  }

  /** What there would be without the filter of a facet. */
  private static BitSet without(String facet, BitSet mentioned, Map<String, BitSet> filters) {
    BitSet rest = (BitSet) mentioned.clone();
    filters.forEach(
        (name, passing) -> {
          if (!name.equals(facet)) {
            rest.and(passing);
          }
        });
    return rest;
  }

  private static Map<String, Long> counts(Map<String, BitSet> values, BitSet among) {
    Map<String, Long> counts = new HashMap<>();
    values.forEach(
        (value, of) -> {
          BitSet both = (BitSet) of.clone();
          both.and(among);
          if (!both.isEmpty()) {
            counts.put(value, (long) both.cardinality());
          }
        });
    return counts;
  }

  private record Placed(RowOrder.Key key, Row row) implements Comparable<Placed> {
    @Override
    public int compareTo(Placed other) {
      return key.compareTo(other.key);
    }
  }

  private List<Row> page(RowQuery query, BitSet matching) {
    // The best so far, the worst of them on top.
    PriorityQueue<Placed> best = new PriorityQueue<>(Collections.reverseOrder());
    for (int at = matching.nextSetBit(0); at >= 0; at = matching.nextSetBit(at + 1)) {
      Row row = rows.get(at);
      if (row == null) {
        throw new IllegalStateException("a filter knows a row that is not there");
      }
      RowOrder.Key key = query.order().key(row);
      if (query.after().isPresent() && key.compareTo(query.after().get()) <= 0) {
        continue;
      }
      Placed worst = best.peek();
      if (best.size() < query.limit()) {
        best.add(new Placed(key, row));
      } else if (worst != null && key.compareTo(worst.key()) < 0) {
        best.poll();
        best.add(new Placed(key, row));
      }
    }
    return best.stream().sorted().map(Placed::row).toList();
  }

  private void unfile(int number) {
    Row row = rows.get(number);
    if (row != null) {
      values(row)
          .forEach(
              (facet, value) -> {
                BitSet of = of(facet, value);
                of.clear(number);
                if (of.isEmpty()) {
                  facets.getOrDefault(facet, new HashMap<>()).remove(value);
                }
              });
    }
  }

  private static Map<String, String> values(Row row) {
    Map<String, String> values = new HashMap<>();
    row.closed().forEach((field, value) -> values.put(RowQuery.FIELD + field, value));
    values.put(STATUS, row.status().word());
    if (row.reason() != null) {
      values.put(REASON, row.reason());
    }
    if (row.unsure()) {
      values.put(UNSURE, TRUE);
    }
    return values;
  }

  private BitSet of(String facet, String value) {
    return facets
        .computeIfAbsent(facet, key -> new HashMap<>())
        .computeIfAbsent(value, key -> new BitSet());
  }

  private <T> T reading(Supplier<T> question) {
    lock.readLock().lock();
    try {
      return question.get();
    } finally {
      lock.readLock().unlock();
    }
  }
}
