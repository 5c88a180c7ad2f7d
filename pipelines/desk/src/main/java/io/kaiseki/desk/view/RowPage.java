package io.kaiseki.desk.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Part of a list.
 *
 * @param rows in the order asked for
 * @param total how many there are on all pages
 * @param facets how many there would be for each value of a filter, were the others as they are:
 *     under {@code field.NAME}, {@code status}, {@code reason} and {@code unsure}
 * @param partitions the partitions that it covers
 */
public record RowPage(
    List<Row> rows, long total, Map<String, Map<String, Long>> facets, Set<Integer> partitions) {

  /** Several instances' pages as one. */
  static RowPage merge(List<RowPage> pages, RowQuery query) {
    if (pages.size() == 1) {
      return pages.get(0);
    }
    List<Row> rows = new ArrayList<>();
    Map<String, Map<String, Long>> facets = new TreeMap<>();
    Set<Integer> partitions = new TreeSet<>();
    long total = 0;
    for (RowPage page : pages) {
      rows.addAll(page.rows());
      total += page.total();
      partitions.addAll(page.partitions());
      page.facets()
          .forEach(
              (facet, counts) -> {
                Map<String, Long> sums = facets.computeIfAbsent(facet, key -> new HashMap<>());
                counts.forEach((value, count) -> sums.merge(value, count, Long::sum));
              });
    }
    rows.sort(Comparator.comparing(query.order()::key));
    return new RowPage(
        rows.size() > query.limit() ? List.copyOf(rows.subList(0, query.limit())) : rows,
        total,
        facets,
        partitions);
  }
}
