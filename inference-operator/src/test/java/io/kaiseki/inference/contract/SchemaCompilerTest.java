package io.kaiseki.inference.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCompilerTest {

  private static final String NESTED =
      "{\"type\":\"record\",\"name\":\"N\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}";

  private static Schema schema(String... fields) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"A\",\"fields\":[" + String.join(",", fields) + "]}");
  }

  private static Schema field(String type) {
    return schema("{\"name\":\"f\",\"type\":" + type + "}");
  }

  private static List<String> problems(Schema schema) {
    return catchThrowableOfType(UnsupportedSchemaException.class, () -> Contract.of(schema))
        .problems();
  }

  private static AnswerType compiled(Schema schema) {
    return SchemaCompiler.compile(schema, new ExpandedSize()).fields().get(0).type();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"map","values":"int"}                                      | open keys
          "bytes"                                                            | bytes can't be written
          {"type":"fixed","name":"F","size":4}                               | fixed can't be written
          ["int","string"]                                                   | union of several types
          ["null","int","string"]                                            | union of several types
          ["null"]                                                           | null alone
          "null"                                                             | null alone
          {"type":"array","items":["null","int"]}                            | items of an array can't be null
          {"type":"record","name":"R","fields":[{"name":"r","type":"R"}]}    | contains itself
          {"type":"string","logicalType":"uuid"}                             | logicalType uuid of string
          {"type":"long","logicalType":"timestamp-micros"}                   | logicalType timestamp-micros of long
          {"type":"long","logicalType":"timestamp-milis"}                    | logicalType timestamp-milis of long
          {"type":"bytes","logicalType":"decimal","precision":2,"scale":3}   | logicalType decimal of bytes
          {"type":"bytes","logicalType":"decimal","precision":101}           | precision of a decimal must be at most 100, but is 101
          {"type":"string","maxLength":0}                                    | maxLength must be a whole number from 1 to 16384, but is 0
          {"type":"string","maxLength":99999999999999999999}                 | maxLength must be a whole number from 1 to 16384, but is a whole number beyond 64 bits
          {"type":"string","maxLength":"long"}                               | maxLength must be a whole number from 1 to 16384, but is long
          {"type":"string","maxLength":5,"minLength":6}                      | minLength must be a whole number from 0 to 5, but is 6
          {"type":"string","quote":true,"minLength":0}                       | minLength must be a whole number from 1 to 256, but is 0
          {"type":"string","quote":"yes"}                                    | quote must be true or false, but is yes
          {"type":"int","minimum":"low"}                                     | minimum must be a number, but is low
          {"type":"long","minimum":-9223372036854775809}                     | minimum must be within 64 bits, or written as a fraction such as 1e19
          {"type":"double","maximum":99999999999999999999}                   | maximum must be within 64 bits, or written as a fraction such as 1e19
          {"type":"double","maximum":1e999}                                  | maximum must be a number, but is Infinity
          {"type":"int","minimum":3,"maximum":2}                             | between minimum 3 and maximum 2
          {"type":"int","minimum":0.2,"maximum":0.8}                         | with 0 digits after the point
          {"type":"array","items":"int","minItems":3,"maxItems":2}           | minItems must be a whole number from 0 to 2, but is 3
          {"type":"array","items":"int","maxItems":0}                        | maxItems must be a whole number from 1 to 1024, but is 0
          {"type":"enum","name":"E","symbols":[]}                            | has no symbols
          {"type":"enum","name":"E","symbols":["a"],"symbolDocs":{"b":"B"}}  | symbolDocs names b
          ["null",{"type":"enum","name":"E","symbols":["null"]}]             | symbol null
          {"type":"enum","name":"E","symbols":["a"],"minConfidence":0.5}     | minConfidence needs a field that can be null
          {"type":"boolean","minConfidence":0.5}                             | minConfidence needs a field that can be null
          [{"type":"boolean","minConfidence":0.5}]                           | minConfidence needs a field that can be null
          ["null",{"type":"string","minConfidence":0.5}]                     | minConfidence needs a field that can be null
          {"type":"array","items":{"type":"boolean","minConfidence":0.5}}    | minConfidence needs a field that can be null
          ["null",{"type":"boolean","minConfidence":0}]                      | minConfidence must be a number over 0 and at most 1, but is 0
          ["null",{"type":"boolean","minConfidence":1.5}]                    | minConfidence must be a number over 0 and at most 1, but is 1.5
          ["null",{"type":"boolean","minConfidence":"high"}]                 | minConfidence must be a number over 0 and at most 1, but is high
          """)
  void what_no_answer_can_hold_is_refused_by_the_name_of_its_field(String type, String problem) {
    List<String> problems = problems(field(type));

    assertThat(problems).allSatisfy(p -> assertThat(p).startsWith("field f"));
    assertThat(problems).anySatisfy(p -> assertThat(p).contains(problem));
  }

  @Test
  void all_problems_are_reported_together_with_their_paths() {
    Schema schema =
        schema(
            "{\"name\":\"a\",\"type\":\"bytes\"}",
            "{\"name\":\"b\",\"type\":{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"B\","
                + "\"fields\":[{\"name\":\"c\",\"type\":{\"type\":\"map\",\"values\":\"int\"}}]}}}",
            "{\"name\":\"d\",\"type\":\"string\",\"minLength\":-1,\"maxLength\":0}");

    assertThat(problems(schema))
        .extracting(problem -> problem.split(":")[0])
        .containsExactly("field a", "field b[].c", "field d", "field d");
  }

  @Test
  void an_answer_is_a_record_with_fields() {
    assertThat(problems(Schema.create(Schema.Type.INT)))
        .containsExactly("result schema: must be a record, but is int");
    assertThat(problems(schema())).containsExactly("result schema A: has no fields");
  }

  @Test
  void a_logical_type_beside_the_type_was_silently_lost() {
    assertThat(problems(schema("{\"name\":\"f\",\"type\":\"int\",\"logicalType\":\"date\"}")))
        .singleElement()
        .asString()
        .contains("field f", "date", "inside the type");
  }

  @Test
  void a_record_may_stand_in_several_places_but_not_in_itself() {
    Contract twice =
        Contract.of(
            schema("{\"name\":\"a\",\"type\":" + NESTED + "}", "{\"name\":\"b\",\"type\":\"N\"}"));

    assertThat(twice.type().fields().get(0).type()).isEqualTo(twice.type().fields().get(1).type());
    assertThat(
            problems(
                schema(
                    "{\"name\":\"a\",\"type\":[\"null\",{\"type\":\"array\",\"items\":\"A\"}]}")))
        .singleElement()
        .asString()
        .contains("record A contains itself");
  }

  @Test
  void a_small_schema_that_expands_to_more_than_memory_holds_is_refused() {
    Schema half = Schema.createRecord("R0", null, null, false);
    half.setFields(List.of(new Schema.Field("x", Schema.create(Schema.Type.BOOLEAN))));
    for (int i = 1; i <= 30; i++) {
      List<Schema.Field> twice = List.of(new Schema.Field("l", half), new Schema.Field("r", half));
      half = Schema.createRecord("R" + i, null, null, false, twice);
    }

    assertThat(problems(half))
        .singleElement()
        .asString()
        .startsWith("result schema: too large: over 16384 fields and labels");
  }

  @Test
  void the_labels_of_an_enum_count_wherever_it_is_used() {
    List<String> symbols = IntStream.range(0, 300).mapToObj(i -> "s" + i).toList();
    Schema labels = Schema.createEnum("E", null, null, symbols);
    List<Schema.Field> fields =
        IntStream.range(0, 100).mapToObj(i -> new Schema.Field("f" + i, labels)).toList();

    assertThat(problems(Schema.createRecord("A", null, null, false, fields)))
        .singleElement()
        .asString()
        .contains("too large");
  }

  @Test
  void a_records_empty_record_is_an_answer() {
    Contract contract = Contract.of(field("{\"type\":\"record\",\"name\":\"N\",\"fields\":[]}"));

    assertThat(contract.type().fields().get(0).type())
        .isEqualTo(new AnswerType.Composite(List.of()));
  }

  @Test
  void the_fields_bounds_win_over_its_types() {
    assertThat(
            compiled(
                schema(
                    "{\"name\":\"f\",\"maxLength\":9,\"type\":{\"type\":\"string\",\"maxLength\":5,"
                        + "\"minLength\":2}}")))
        .isEqualTo(new AnswerType.Text(2, 9));
  }

  @Test
  void a_fields_bound_beyond_64_bits_was_no_bound() {
    assertThat(
            problems(
                schema(
                    "{\"name\":\"f\",\"maximum\":99999999999999999999,\"type\":"
                        + "{\"type\":\"long\",\"maximum\":5}}")))
        .containsExactly(
            "field f: maximum must be within 64 bits, or written as a fraction such as 1e19");
  }

  @Test
  void a_decimal_of_a_hundred_digits_is_the_longest() {
    Schema longest = LogicalTypes.decimal(100).addToSchema(Schema.create(Schema.Type.BYTES));
    Schema.Field field = new Schema.Field("f", longest);

    assertThat(compiled(Schema.createRecord("A", null, null, false, List.of(field))))
        .isEqualTo(
            new AnswerType.Number(
                new BigDecimal("-" + "9".repeat(100)), new BigDecimal("9".repeat(100)), 0));
  }

  @Test
  void a_fields_bounds_reach_through_a_union() {
    assertThat(
            compiled(
                schema(
                    "{\"name\":\"f\",\"maximum\":9,\"minimum\":1,\"type\":[\"null\",\"long\"]}")))
        .isEqualTo(
            new AnswerType.Nullable(new AnswerType.Number(BigDecimal.ONE, new BigDecimal(9), 0)));
  }

  @Test
  void the_least_confidence_stands_at_the_field_or_at_its_type() {
    AnswerType expected = new AnswerType.Nullable(new AnswerType.Truth(), 0.8);

    assertThat(
            compiled(
                schema("{\"name\":\"f\",\"minConfidence\":0.8,\"type\":[\"null\",\"boolean\"]}")))
        .isEqualTo(expected);
    assertThat(compiled(field("[{\"type\":\"boolean\",\"minConfidence\":0.8},\"null\"]")))
        .isEqualTo(expected);
  }

  @Test
  void a_least_confidence_beside_a_type_that_can_not_abstain_is_refused_once() {
    assertThat(
            problems(
                schema(
                    "{\"name\":\"f\",\"minConfidence\":0.8,\"type\":\"boolean\"}",
                    "{\"name\":\"g\",\"minConfidence\":0.8,\"type\":[\"null\",\"string\"]}",
                    "{\"name\":\"h\",\"minConfidence\":0.8,\"type\":"
                        + "{\"type\":\"array\",\"items\":\"boolean\"}}")))
        .extracting(problem -> problem.split(":")[0])
        .containsExactly("field f", "field g", "field h");
  }

  @Test
  void value_bounds_of_an_array_field_are_those_of_its_items() {
    assertThat(
            compiled(
                schema(
                    "{\"name\":\"f\",\"maxLength\":9,\"quote\":true,\"minItems\":1,\"maxItems\":4,"
                        + "\"type\":{\"type\":\"array\",\"items\":\"string\"}}")))
        .isEqualTo(new AnswerType.Items(new AnswerType.Quote(1, 9), 1, 4));
  }

  @Test
  void an_array_in_an_array_took_the_item_bounds_of_the_field() {
    assertThat(
            compiled(
                schema(
                    "{\"name\":\"f\",\"minItems\":2,\"maxItems\":3,\"type\":{\"type\":\"array\",\"items\":"
                        + "{\"type\":\"array\",\"items\":\"boolean\",\"maxItems\":7}}}")))
        .isEqualTo(new AnswerType.Items(new AnswerType.Items(new AnswerType.Truth(), 0, 7), 2, 3));
  }

  @Test
  void bounds_are_the_narrower_of_what_is_asked_and_what_the_type_holds() {
    assertThat(compiled(field("{\"type\":\"int\",\"minimum\":-1e30,\"maximum\":0.5}")))
        .isEqualTo(
            new AnswerType.Number(BigDecimal.valueOf(Integer.MIN_VALUE), BigDecimal.ZERO, 0));
    assertThat(compiled(field("\"long\"")))
        .isEqualTo(
            new AnswerType.Number(
                BigDecimal.valueOf(Long.MIN_VALUE), BigDecimal.valueOf(Long.MAX_VALUE), 0));
  }

  @Test
  void a_decimal_has_the_range_of_its_precision_and_scale() {
    Schema all = LogicalTypes.decimal(3, 3).addToSchema(Schema.create(Schema.Type.BYTES));
    Schema.Field field = new Schema.Field("f", all);

    assertThat(compiled(Schema.createRecord("A", null, null, false, List.of(field))))
        .isEqualTo(new AnswerType.Number(new BigDecimal("-0.999"), new BigDecimal("0.999"), 3));
  }

  @Test
  void docs_of_fields_and_symbols_are_kept() {
    AnswerType.Field field =
        SchemaCompiler.compile(
                schema(
                    "{\"name\":\"f\",\"doc\":\" what it is \",\"type\":{\"type\":\"enum\",\"name\":\"E\","
                        + "\"symbols\":[\"a\",\"b\"],\"symbolDocs\":{\"b\":\"second\"}}}"),
                new ExpandedSize())
            .fields()
            .get(0);

    assertThat(field.doc()).isEqualTo("what it is");
    assertThat(((AnswerType.Enumeration) field.type()).docs())
        .containsExactly(Map.entry("b", "second"));
  }
}
