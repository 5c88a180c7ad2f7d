package io.kaiseki.desk.view;

import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.telemetry.DeskMeter;
import io.kaiseki.desk.topology.EntryListener;
import io.kaiseki.pipelines.config.DeskMetric;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rows of this instance's partitions, in memory and indexed, since the store on disk can only
 * be asked for single documents. Rebuilt from the store whenever a partition comes here. Safe for
 * use by many threads.
 */
public final class LocalRows implements EntryListener {

  private final Map<Integer, RowIndex> partitions = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();
  private final LongCounter changes = DeskMeter.counter(DeskMetric.CHANGES);

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
    return partitions.values().stream().mapToLong(RowIndex::size).sum();
  }

  /** How many rows are here, by status. */
  public Map<String, Long> byStatus() {
    return counts(RowIndex.STATUS);
  }

  /** How many rows without a result are here, by reason. */
  public Map<String, Long> byReason() {
    return counts(RowIndex.REASON);
  }

  /** Answers a question from what is here. */
  public RowPage find(RowQuery query) {
    List<RowPage> pages = new ArrayList<>();
    partitions.forEach((partition, rows) -> pages.add(rows.find(query, partition)));
    return RowPage.merge(pages, query);
  }

  @Override
  public void opened(int partition, Iterator<Entry> entries) {
    RowIndex rows = new RowIndex();
    entries.forEachRemaining(
        entry -> {
          Row row = Row.of(entry);
          rows.put(row, Row.searchable(entry, row));
        });
    partitions.put(partition, rows);
    version.incrementAndGet();
  }

  @Override
  public Runnable changing(int partition, Entry entry) {
    Row row = Row.of(entry);
    String text = Row.searchable(entry, row);
    return () -> {
      rows(partition).put(row, text);
      version.incrementAndGet();
      changes.add(1);
    };
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

  private Map<String, Long> counts(String facet) {
    Map<String, Long> sums = new HashMap<>();
    partitions
        .values()
        .forEach(
            rows ->
                rows.counts(facet).forEach((value, count) -> sums.merge(value, count, Long::sum)));
    return sums;
  }

  private RowIndex rows(int partition) {
    return partitions.computeIfAbsent(partition, key -> new RowIndex());
  }
}
