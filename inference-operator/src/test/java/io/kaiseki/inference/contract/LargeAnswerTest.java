package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Schemas of answers that would take too much memory, and of those that just don't. */
class LargeAnswerTest {

  private static final Schema BOOLEAN = Schema.create(Schema.Type.BOOLEAN);

  @Test
  void as_many_fields_as_there_may_be_are_an_answer() {
    Schema most = record("Most", ExpandedSize.MAX_PARTS, i -> "f" + i, BOOLEAN);

    assertThat(Contract.of(most).size()).isEqualTo(ExpandedSize.MAX_PARTS);
    assertThat(problem(record("More", ExpandedSize.MAX_PARTS + 1, i -> "f" + i, BOOLEAN)))
        .startsWith("result schema: too large");
  }

  @Test
  void a_path_counts_wherever_it_leads() {
    Schema schema = record("Last", 126, i -> "f" + i, record("Leaf", 126, i -> "b" + i, BOOLEAN));
    for (int i = 0; i < 150; i++) {
      schema = record("R" + i, 1, at -> "n".repeat(63), schema);
    }

    assertThat(problem(schema)).startsWith("result schema: too large");
  }

  @Test
  void lists_within_lists_count_wherever_they_are_used() {
    Schema lists = BOOLEAN;
    for (int i = 0; i < 400; i++) {
      lists = Schema.createArray(lists);
    }
    Schema deep = record("Deep", 1, i -> "x", lists);

    assertThat(problem(record("Wide", 100, i -> "f" + i, deep)))
        .startsWith("result schema: too large");
  }

  @Test
  void labels_that_are_decided_in_too_many_items_are_refused_by_the_name_of_their_field() {
    Schema labels =
        Schema.createEnum(
            "E", null, null, IntStream.range(0, 4_000).mapToObj(i -> "s" + i).toList());

    assertThat(problem(list("f", 1_024, labels)))
        .isEqualTo(
            "field f[]: its labels, each counted for every item that a list around it may have,"
                + " bring the probabilities of an answer to over 1000000; lower maxItems, or use"
                + " fewer labels");
    assertThat(Contract.of(list("f", 250, labels)).size()).isEqualTo(4_001);
  }

  @Test
  void labels_in_lists_within_lists_are_counted_for_every_item_of_all_of_them() {
    Schema inner = list("inner", 1_000, BOOLEAN);

    assertThat(problem(list("outer", 501, inner))).startsWith("field outer[].inner[]: ");
    assertThat(Contract.of(list("outer", 500, inner)).size()).isEqualTo(2);
  }

  @Test
  void a_long_path_counts_like_labels_as_it_is_written_for_every_item() {
    assertThat(problem(list("n".repeat(100_000), 1_024, BOOLEAN))).contains("lower maxItems");
  }

  private static Schema record(String name, int fields, IntFunction<String> names, Schema type) {
    return Schema.createRecord(
        name,
        null,
        null,
        false,
        IntStream.range(0, fields).mapToObj(i -> new Schema.Field(names.apply(i), type)).toList());
  }

  /** A record of one list. */
  private static Schema list(String field, int maxItems, Schema items) {
    Schema record = record("Record_" + field, 1, i -> field, Schema.createArray(items));
    record.getField(field).addProp("maxItems", maxItems);
    return record;
  }

  private static String problem(Schema schema) {
    List<String> problems =
        catchThrowableOfType(UnsupportedSchemaException.class, () -> Contract.of(schema))
            .problems();
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }
}
