package io.kaiseki.desk.view;

import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.topology.EntryListener;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rows of this instance's partitions, in memory: a list is looked through as a whole for each
 * new question, which the store on disk would be too slow for. Rebuilt from the store whenever a
 * partition comes here. Safe for use by many threads.
 */
public final class LocalRows implements EntryListener {

  private final Map<Integer, Map<String, Row>> partitions = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();

  /** Grows with every change. */
  public long version() {
    return version.get();
  }

  /** The partitions that are here. */
  public Set<Integer> partitions() {
    return new TreeSet<>(partitions.keySet());
  }

  /** How many rows are here. */
  public long size() {
    return partitions.values().stream().mapToLong(Map::size).sum();
  }

  /** Answers a question from what is here. */
  public RowPage find(RowQuery query) {
    RowSearch search = new RowSearch(query);
    Set<Integer> covered = new TreeSet<>();
    partitions.forEach(
        (partition, rows) -> {
          covered.add(partition);
          rows.values().forEach(search::look);
        });
    return search.page(covered);
  }

  @Override
  public void opened(int partition, Iterator<Entry> entries) {
    Map<String, Row> rows = new ConcurrentHashMap<>();
    entries.forEachRemaining(entry -> rows.put(entry.getId(), Row.of(entry)));
    partitions.put(partition, rows);
    version.incrementAndGet();
  }

  @Override
  public void changed(int partition, Entry entry) {
    rows(partition).put(entry.getId(), Row.of(entry));
    version.incrementAndGet();
  }

  @Override
  public void removed(int partition, String id) {
    rows(partition).remove(id);
    version.incrementAndGet();
  }

  @Override
  public void closed(int partition) {
    partitions.remove(partition);
    version.incrementAndGet();
  }

  private Map<String, Row> rows(int partition) {
    return partitions.computeIfAbsent(partition, key -> new ConcurrentHashMap<>());
  }
}
