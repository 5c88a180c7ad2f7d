package io.kaiseki.desk.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.desk.model.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RowIndexTest {

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
    assertThat(page.facets().get("field.category"))
        .isEqualTo(Map.of("billing", 2L, "delivery", 2L));
    assertThat(page.facets().get("status")).isEqualTo(Map.of("open", 2L, "reviewed", 1L));
    assertThat(page.facets().get("field.priority")).isEqualTo(Map.of("low", 1L, "urgent", 1L));
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
    RowIndex one = new RowIndex();
    RowIndex other = new RowIndex();
    for (int i = 0; i < ROWS.size(); i++) {
      (i % 2 == 0 ? one : other).put(ROWS.get(i), "");
    }

    RowPage merged = RowPage.merge(List.of(one.find(query, 0), other.find(query, 1)), query);

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

  @Test
  void whatever_comes_changes_and_goes_the_answer_is_that_of_looking_at_every_row() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      RowIndex index = new RowIndex();
      ScannedRows scanned = new ScannedRows();
      for (int step = 0; step < 400; step++) {
        String id = "id-" + random.nextInt(60);
        if (random.nextInt(4) == 0) {
          index.remove(id);
          scanned.rows.remove(id);
        } else {
          Row row = anyRow(id, random);
          String text = id + "\n" + anyText(random);
          index.put(row, text);
          scanned.put(row, text);
        }
        if (step % 5 == 0) {
          RowQuery query = anyQuery(random);
          assertThat(index.find(query, 3))
              .as("seed %d step %d %s", seed, step, query)
              .isEqualTo(scanned.find(query, 3));
        }
      }
      assertThat(index.size()).isEqualTo(scanned.rows.size());
      scanned.rows.keySet().forEach(index::remove);
      RowPage empty = index.find(anyQuery(random), 3);
      assertThat(empty.rows()).isEmpty();
      assertThat(empty.facets()).isEmpty();
    }
  }

  @Test
  void a_term_is_found_within_words_in_any_case_and_script_and_only_there() {
    WordIndex words = new WordIndex();
    words.put(1, "Order A-1001 is late\nΣΊΣΥΦΟΣ");
    words.put(2, "order\tB-2002\u00a0x 注文が届かない Ünïcode");
    words.put(3, "");

    assertThat(words.find("1001")).isEqualTo(bits(1));
    assertThat(words.find("rder")).isEqualTo(bits(1, 2));
    assertThat(words.find("a-")).isEqualTo(bits(1));
    assertThat(words.find("e")).isEqualTo(bits(1, 2));
    assertThat(words.find("届かな")).isEqualTo(bits(2));
    assertThat(words.find("ünïc")).isEqualTo(bits(2));
    assertThat(words.find("lateor")).isEqualTo(bits());
    words.put(1, "another text");
    assertThat(words.find("1001")).isEqualTo(bits());
    assertThat(words.find("rder")).isEqualTo(bits(2));
    words.remove(2);
    assertThat(words.find("rder")).isEqualTo(bits());
  }

  private static BitSet bits(int... numbers) {
    BitSet bits = new BitSet();
    IntStream.of(numbers).forEach(bits::set);
    return bits;
  }

  private static Row anyRow(String id, Random random) {
    Status status = Status.values()[random.nextInt(Status.values().length)];
    Map<String, String> closed =
        random.nextInt(5) == 0
            ? Map.of()
            : Map.of(
                "category",
                "c" + random.nextInt(3),
                // A field may be called as a filter is.
                "status",
                random.nextBoolean() ? "new" : RowQuery.NULL);
    return new Row(
        id,
        status,
        null,
        null,
        null,
        null,
        NOON.plusSeconds(random.nextInt(10)),
        closed,
        Map.of(),
        List.of(),
        random.nextInt(5) / 4.0,
        random.nextBoolean(),
        status == Status.FAILED ? "R" + random.nextInt(2) : null,
        closed);
  }

  private static String anyText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append("AbBa x".charAt(random.nextInt(6)));
    }
    return text.toString();
  }

  private static RowQuery anyQuery(Random random) {
    List<String> terms =
        Stream.of(anyText(random).toLowerCase(Locale.ROOT).split(" "))
            .filter(term -> !term.isEmpty() && random.nextBoolean())
            .toList();
    return new RowQuery(
        random.nextBoolean() ? Set.of() : Set.of(Status.OPEN, Status.FAILED),
        switch (random.nextInt(4)) {
          case 0 -> Map.of("category", Set.of("c0", "c2"));
          case 1 -> Map.of("category", Set.of("c1"), "status", Set.of("new"));
          default -> Map.of();
        },
        random.nextInt(4) == 0 ? Set.of("R1") : Set.of(),
        random.nextInt(4) == 0,
        terms,
        random.nextBoolean() ? newest() : new RowOrder.Unsure(),
        1 + random.nextInt(20),
        random.nextInt(3) == 0
            ? Optional.of(new RowOrder.Key(-NOON.plusSeconds(5).toEpochMilli(), 0, "id-3"))
            : Optional.empty());
  }

  private static RowPage find(RowQuery query) {
    RowIndex index = new RowIndex();
    ROWS.forEach(row -> index.put(row, ""));
    return index.find(query, 0);
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
        closed);
  }
}
