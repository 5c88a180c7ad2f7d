package io.kaiseki.desk.view;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a page is by its definition: every row is looked at for every question. */
final class ScannedRows {

  final Map<String, Row> rows = new TreeMap<>();
  final Map<String, String> texts = new HashMap<>();

  void put(Row row, String text) {
    rows.put(row.id(), row);
    texts.put(row.id(), text.toLowerCase(Locale.ROOT));
  }

  RowPage find(RowQuery query, int partition) {
    List<Row> mentioned =
        rows.values().stream()
            .filter(row -> query.terms().stream().allMatch(texts.get(row.id())::contains))
            .toList();
    Map<String, Map<String, Long>> facets = new HashMap<>();
    for (Row row : mentioned) {
      values(row)
          .forEach(
              (facet, value) -> {
                if (passes(row, query, facet)) {
                  facets.computeIfAbsent(facet, key -> new HashMap<>()).merge(value, 1L, Long::sum);
                }
              });
    }
    List<Row> matching = mentioned.stream().filter(row -> passes(row, query, "")).toList();
    List<Row> page =
        matching.stream()
            .filter(
                row ->
                    query.after().isEmpty()
                        || query.order().key(row).compareTo(query.after().get()) > 0)
            .sorted(Comparator.comparing(query.order()::key))
            .limit(query.limit())
            .toList();
    return new RowPage(page, matching.size(), facets, Set.of(partition));
  }

  private static boolean passes(Row row, RowQuery query, String except) {
    Map<String, String> values = values(row);
    boolean status =
        except.equals("status")
            || query.statuses().isEmpty()
            || query.statuses().contains(row.status());
    boolean reason =
        except.equals("reason")
            || query.reasons().isEmpty()
            || query.reasons().contains(values.getOrDefault("reason", ""));
    boolean unsure = except.equals("unsure") || !query.unsure() || row.unsure();
    return status
        && reason
        && unsure
        && query.values().entrySet().stream()
            .allMatch(
                filter ->
                    except.equals("field." + filter.getKey())
                        || filter
                            .getValue()
                            .contains(row.closed().getOrDefault(filter.getKey(), "")));
  }

  private static Map<String, String> values(Row row) {
    Map<String, String> values = new HashMap<>();
    row.closed().forEach((field, value) -> values.put("field." + field, value));
    values.put("status", row.status().word());
    if (row.reason() != null) {
      values.put("reason", row.reason());
    }
    if (row.unsure()) {
      values.put("unsure", "true");
    }
    return values;
  }
}
