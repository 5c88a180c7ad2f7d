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

  private static Schema record(String name, int fields, IntFunction<String> names, Schema type) {
    return Schema.createRecord(
        name,
        null,
        null,
        false,
        IntStream.range(0, fields).mapToObj(i -> new Schema.Field(names.apply(i), type)).toList());
  }

  private static String problem(Schema schema) {
    List<String> problems =
        catchThrowableOfType(UnsupportedSchemaException.class, () -> Contract.of(schema))
            .problems();
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }
}
