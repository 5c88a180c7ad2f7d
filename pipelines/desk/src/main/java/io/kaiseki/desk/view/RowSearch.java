package io.kaiseki.desk.view;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks through all rows once, for a page and for the counts beside the filters. */
final class RowSearch {

  static final String STATUS = "status";
  static final String REASON = "reason";
  static final String UNSURE = "unsure";

  private final RowQuery query;
  private final Map<String, Map<String, Long>> facets = new HashMap<>();

  /** The best so far, the worst of them on top. */
  private final PriorityQueue<Placed> best = new PriorityQueue<>(Collections.reverseOrder());

  private long total;

  RowSearch(RowQuery query) {
    this.query = query;
  }

  private record Placed(RowOrder.Key key, Row row) implements Comparable<Placed> {
    @Override
    public int compareTo(Placed other) {
      return key.compareTo(other.key);
    }
  }

  void look(Row row) {
    if (!query.mentions(row)) {
      return;
    }
    String missed = missed(row);
    if (missed == null) {
      total++;
      place(row);
      count(STATUS, row.status().word());
      if (row.reason() != null) {
        count(REASON, row.reason());
      }
      if (row.unsure()) {
        count(UNSURE, "true");
      }
      row.closed().forEach(this::count);
    } else if (!missed.isEmpty()) {
      countMissed(row, missed);
    }
  }

  RowPage page(Set<Integer> partitions) {
    List<Placed> placed = new ArrayList<>(best);
    Collections.sort(placed);
    return new RowPage(placed.stream().map(Placed::row).toList(), total, facets, partitions);
  }

  /** The one filter that the row does not pass; null where it passes all, empty for several. */
  private @Nullable String missed(Row row) {
    String missed = null;
    if (!query.statuses().isEmpty() && !query.statuses().contains(row.status())) {
      missed = STATUS;
    }
    if (!query.reasons().isEmpty()
        && (row.reason() == null || !query.reasons().contains(row.reason()))) {
      missed = missed == null ? REASON : "";
    }
    if (query.unsure() && !row.unsure()) {
      missed = missed == null ? UNSURE : "";
    }
    for (Map.Entry<String, Set<String>> filter : query.values().entrySet()) {
      String value = row.closed().get(filter.getKey());
      if (value == null || !filter.getValue().contains(value)) {
        missed = missed == null ? filter.getKey() : "";
      }
    }
    return missed;
  }

  private void countMissed(Row row, String missed) {
    switch (missed) {
      case STATUS -> count(STATUS, row.status().word());
      case REASON -> {
        if (row.reason() != null) {
          count(REASON, row.reason());
        }
      }
      case UNSURE -> {
        // A sure row adds nothing to the count of unsure ones.
      }
      default -> {
        String value = row.closed().get(missed);
        if (value != null) {
          count(missed, value);
        }
      }
    }
  }

  private void place(Row row) {
    RowOrder.Key key = query.order().key(row);
    if (query.after().isPresent() && key.compareTo(query.after().get()) <= 0) {
      return;
    }
    Placed worst = best.peek();
    if (best.size() < query.limit()) {
      best.add(new Placed(key, row));
    } else if (worst != null && key.compareTo(worst.key()) < 0) {
      best.poll();
      best.add(new Placed(key, row));
    }
  }

  private void count(String facet, String value) {
    facets.computeIfAbsent(facet, key -> new HashMap<>()).merge(value, 1L, Long::sum);
  }
}
