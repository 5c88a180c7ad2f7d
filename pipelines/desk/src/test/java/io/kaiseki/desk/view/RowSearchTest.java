package io.kaiseki.desk.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.desk.model.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowSearchTest {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private static final List<Row> ROWS =
      List.of(
          row("a", Status.OPEN, 0, "billing", "low", 0.9),
          row("b", Status.OPEN, 1, "billing", "urgent", 0.4),
          row("c", Status.OPEN, 2, "delivery", "high", 0.7),
          row("d", Status.REVIEWED, 3, "billing", "low", 0.8),
          row("e", Status.OPEN, 4, "delivery", "urgent", 0.6));

  @Test
  void a_facet_counts_what_there_would_be_were_the_other_filters_as_they_are() {
    RowPage page =
        find(query(Set.of(Status.OPEN), Map.of("category", Set.of("billing")), newest(), 10, null));

    assertThat(page.total()).isEqualTo(2);
    assertThat(page.facets().get("category")).isEqualTo(Map.of("billing", 2L, "delivery", 2L));
    assertThat(page.facets().get("status")).isEqualTo(Map.of("open", 2L, "reviewed", 1L));
    assertThat(page.facets().get("priority")).isEqualTo(Map.of("low", 1L, "urgent", 1L));
  }

  @Test
  void pages_follow_each_other_without_gap_or_overlap_in_every_order() {
    Map<RowOrder, String> orders =
        Map.of(
            newest(),
            "edcba",
            new RowOrder.Oldest(),
            "abcde",
            new RowOrder.Unsure(),
            "becda",
            new RowOrder.ByField("priority", Map.of("low", 0, "high", 2, "urgent", 3)),
            "becad");
    orders.forEach(
        (order, expected) -> {
          StringBuilder found = new StringBuilder();
          String cursor = null;
          List<Row> rows = new ArrayList<>();
          do {
            rows = find(query(Set.of(), Map.of(), order, 2, cursor)).rows();
            rows.forEach(row -> found.append(row.id()));
            cursor = rows.isEmpty() ? null : order.key(rows.get(rows.size() - 1)).cursor();
          } while (!rows.isEmpty());
          assertThat(found.toString()).isEqualTo(expected);
        });
  }

  @Test
  void pages_of_several_instances_merge_into_that_of_one() {
    RowQuery query = query(Set.of(Status.OPEN), Map.of(), newest(), 3, null);
    RowPage whole = find(query);
    RowSearch one = new RowSearch(query);
    RowSearch other = new RowSearch(query);
    for (int i = 0; i < ROWS.size(); i++) {
      (i % 2 == 0 ? one : other).look(ROWS.get(i));
    }

    RowPage merged = RowPage.merge(List.of(one.page(Set.of(0)), other.page(Set.of(1))), query);

    assertThat(merged.rows()).isEqualTo(whole.rows());
    assertThat(merged.total()).isEqualTo(whole.total());
    assertThat(merged.facets()).isEqualTo(whole.facets());
    assertThat(merged.partitions()).containsExactly(0, 1);
  }

  @Test
  void a_cursor_of_somebody_elses_making_is_none() {
    assertThat(RowOrder.Key.parse("no cursor")).isEmpty();
    assertThat(RowOrder.Key.parse("YSBiIGM")).isEmpty();
    RowOrder.Key key = new RowOrder.Key(-1.5, 7, "an id with spaces");
    assertThat(RowOrder.Key.parse(key.cursor())).hasValue(key);
  }

  private static RowPage find(RowQuery query) {
    RowSearch search = new RowSearch(query);
    ROWS.forEach(search::look);
    return search.page(Set.of(0));
  }

  private static RowOrder newest() {
    return new RowOrder.Newest();
  }

  private static RowQuery query(
      Set<Status> statuses,
      Map<String, Set<String>> values,
      RowOrder order,
      int limit,
      String cursor) {
    return new RowQuery(
        statuses,
        values,
        Set.of(),
        false,
        List.of(),
        order,
        limit,
        Optional.ofNullable(cursor).flatMap(RowOrder.Key::parse));
  }

  private static Row row(
      String id, Status status, int minutes, String category, String priority, double least) {
    Map<String, String> closed = Map.of("category", category, "priority", priority);
    return new Row(
        id,
        status,
        "Title",
        "Opening",
        "ticket",
        NOON,
        NOON.plusSeconds(60L * minutes),
        closed,
        Map.of(),
        List.of(),
        least,
        false,
        null,
        closed,
        id);
  }
}
