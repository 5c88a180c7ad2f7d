package io.kaiseki.inference.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.contract.ExpandedSize;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaReaderTest {

  /** Reads fractions exactly, as a server reads its requests. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  @Test
  void the_subset_becomes_a_contract_with_docs_and_bounds() {
    Contract contract =
        read(
            """
            {"type":"object","additionalProperties":false,"required":["kind"],"properties":{
              "kind":{"type":"string","enum":["new customer","other"],"description":"who it is"},
              "urgent":{"type":"boolean"},
              "count":{"type":"integer","minimum":1,"exclusiveMaximum":10},
              "price":{"anyOf":[{"type":"number","minimum":0},{"type":"null"}]},
              "day":{"type":"string","format":"date"},
              "note":{"type":["string","null"],"maxLength":40},
              "first-name":{"const":"x"},
              "lines":{"type":"array","minItems":1,"maxItems":3,"items":{"$ref":"#/$defs/line"}}},
             "$defs":{"line":{"type":"object","properties":{"text":{"type":"string","minLength":2}}}}}
            """);

    List<AnswerType.Field> fields = contract.type().fields();
    assertThat(fields.get(0))
        .isEqualTo(
            new AnswerType.Field(
                "kind",
                "who it is",
                new AnswerType.Enumeration(List.of("new customer", "other"), Map.of())));
    assertThat(fields.get(1).type()).isEqualTo(new AnswerType.Truth());
    assertThat(fields.get(2).type())
        .isEqualTo(new AnswerType.Number(BigDecimal.ONE, BigDecimal.valueOf(9), 0));
    assertThat(fields.get(3).type()).isInstanceOf(AnswerType.Nullable.class);
    assertThat(fields.get(4).type()).isEqualTo(new AnswerType.Date());
    assertThat(fields.get(5).type()).isEqualTo(new AnswerType.Nullable(new AnswerType.Text(1, 40)));
    assertThat(fields.get(6).name()).isEqualTo("first-name");
    assertThat(fields.get(7).type())
        .isEqualTo(
            new AnswerType.Items(
                new AnswerType.Composite(
                    List.of(new AnswerType.Field("text", "", new AnswerType.Text(2, 256)))),
                1,
                3));
  }

  @Test
  void a_contract_written_as_json_schema_reads_as_the_same_type() {
    Contract contract =
        Contract.of(
            new Schema.Parser()
                .parse(
                    """
                    {"type":"record","name":"R","fields":[
                      {"name":"kind","doc":"which","type":{"type":"enum","name":"K","symbols":["a","b"]}},
                      {"name":"sure","type":["null","boolean"]},
                      {"name":"n","type":"int","minimum":-3,"maximum":5},
                      {"name":"texts","type":{"type":"array","items":"string"},"maxLength":9},
                      {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                      {"name":"inner","type":{"type":"record","name":"I","fields":[
                        {"name":"t","type":"string"}]}}]}
                    """));

    assertThat(JsonSchemaReader.read("R", ContractSchema.of(contract.type())).type())
        .isEqualTo(contract.type());
  }

  @Test
  void everything_that_cannot_be_held_to_is_named_by_its_path() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    {"type":"object","properties":{
                      "a":{"type":"string","pattern":"x+"},
                      "b":{"type":"object","additionalProperties":{"type":"string"}},
                      "c":{"type":"array","items":{"type":"string","format":"email"},"uniqueItems":true},
                      "d":{"anyOf":[{"type":"string"},{"type":"integer"}]},
                      "e":{"type":"string","enum":["a\\"b"]},
                      "f":{"type":"integer","multipleOf":5},
                      "g":{}}}
                    """))
        .isInstanceOfSatisfying(
            UnsupportedJsonSchemaException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(8)
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.a.pattern: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.b: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.c.items.format: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.c.uniqueItems: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.d.anyOf: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.e.enum: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.f.multipleOf: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.g.type: ")));
  }

  @Test
  void what_stands_beside_a_reference_and_would_narrow_it_is_named_by_its_path() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    {"$ref":"#/$defs/all","minProperties":1,"$defs":{
                      "all":{"type":"object","properties":{
                        "a":{"$ref":"#/$defs/text","maxLength":5},
                        "b":{"$ref":"#/$defs/text","type":"string","title":"B","description":"it"},
                        "c":{"$ref":"#/$defs/maybe","type":"string"}}},
                      "text":{"type":"string","maxLength":40},
                      "maybe":{"type":["string","null"]}}}
                    """))
        .isInstanceOfSatisfying(
            UnsupportedJsonSchemaException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(3)
                    .anySatisfy(p -> assertThat(p).startsWith("$.minProperties: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.a.maxLength: "))
                    .anySatisfy(p -> assertThat(p).startsWith("$.properties.c.type: ")));
  }

  @Test
  void a_schema_that_contains_itself_is_refused() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    {"type":"object","properties":{"next":{"$ref":"#/$defs/node"}},
                     "$defs":{"node":{"type":"object","properties":{"next":{"$ref":"#/$defs/node"}}}}}
                    """))
        .hasMessageContaining("contains itself");
  }

  @Test
  void a_small_schema_that_expands_to_more_than_memory_holds_is_refused() {
    StringBuilder schema =
        new StringBuilder("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/d0\"}},");
    schema.append("\"$defs\":{");
    for (int i = 0; i < 30; i++) {
      String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
      schema.append("\"d" + i + "\":{\"type\":\"object\",\"properties\":");
      schema.append("{\"l\":" + next + ",\"r\":" + next + "}},");
    }
    schema.append("\"d30\":{\"type\":\"boolean\"}}}");

    assertThatThrownBy(() -> read(schema.toString()))
        .isInstanceOfSatisfying(
            UnsupportedJsonSchemaException.class,
            e ->
                assertThat(e.problems())
                    .singleElement()
                    .asString()
                    .startsWith("$: too large: over 16384 fields and labels"));
  }

  @Test
  void branches_that_are_refused_anyway_are_not_expanded_without_end_either() {
    StringBuilder schema =
        new StringBuilder("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/d0\"}},");
    schema.append("\"$defs\":{");
    for (int i = 0; i < 30; i++) {
      String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
      schema.append("\"d" + i + "\":{\"anyOf\":[" + next + "," + next + "]},");
    }
    schema.append("\"d30\":{\"type\":\"boolean\"}}}");

    assertThatThrownBy(() -> read(schema.toString())).hasMessageContaining("$: too large");
  }

  @Test
  void as_many_values_as_there_may_be_are_an_answer() {
    StringBuilder schema = new StringBuilder("{\"type\":\"object\",\"properties\":{");
    for (int i = 0; i < ExpandedSize.MAX_PARTS - 1; i++) {
      schema.append(i == 0 ? "" : ",").append("\"p" + i + "\":{\"type\":\"boolean\"}");
    }

    assertThat(read(schema.append("}}").toString()).type().fields())
        .as("the object itself is one, too")
        .hasSize(ExpandedSize.MAX_PARTS - 1);
  }

  @Test
  void a_path_counts_wherever_it_leads() {
    String leaf = "{\"type\":\"object\",\"properties\":{%s}}";
    String leaves =
        leaf.formatted(
            IntStream.range(0, 126)
                .mapToObj(i -> "\"p" + i + "\":{\"$ref\":\"#/$defs/leaf\"}")
                .collect(Collectors.joining(",")));
    String booleans =
        leaf.formatted(
            IntStream.range(0, 126)
                .mapToObj(i -> "\"b" + i + "\":{\"type\":\"boolean\"}")
                .collect(Collectors.joining(",")));

    assertThatThrownBy(() -> read(chain(150, "n".repeat(60), leaves, ",\"leaf\":" + booleans)))
        .hasMessageContaining("$: too large");
  }

  @Test
  void a_path_counts_with_each_of_its_problems() {
    String unknown =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "\"unknown" + i + "\":true")
            .collect(Collectors.joining(",", "{\"type\":\"boolean\",", "}"));

    assertThatThrownBy(() -> read(chain(100, "n".repeat(60), unknown, "")))
        .hasMessageContaining("$: too large")
        .message()
        .hasSizeLessThan(2 << 20);
  }

  @Test
  void a_long_chain_of_references_was_followed_until_the_stack_ended() {
    assertThatThrownBy(() -> read(chain(20_000, "n", "{\"type\":\"boolean\"}", "")))
        .hasMessageContaining("$: too large");
  }

  @Test
  void a_long_description_counts_wherever_it_is_referred_to() {
    StringBuilder schema = new StringBuilder("{\"type\":\"object\",\"properties\":{");
    for (int i = 0; i < 500; i++) {
      schema.append("\"p" + i + "\":{\"$ref\":\"#/$defs/d\"},");
    }
    schema.append("\"last\":{\"type\":\"boolean\"}},\"$defs\":{\"d\":{\"type\":\"boolean\",");
    schema.append("\"description\":\"" + "word ".repeat(1_000) + "\"}}}");

    assertThatThrownBy(() -> read(schema.toString())).hasMessageContaining("$: too large");
  }

  @Test
  void null_is_an_answer_only_where_the_type_and_the_values_both_have_it() {
    AnswerType labels = new AnswerType.Enumeration(List.of("a", "b"), Map.of());

    assertThat(property("{\"type\":[\"string\",\"null\"],\"enum\":[\"a\",\"b\"]}"))
        .isEqualTo(labels);
    assertThat(property("{\"type\":\"string\",\"enum\":[\"a\",null,\"b\"]}")).isEqualTo(labels);
    assertThat(property("{\"type\":[\"string\",\"null\"],\"const\":\"a\"}"))
        .isEqualTo(new AnswerType.Enumeration(List.of("a"), Map.of()));
    assertThat(property("{\"type\":[\"string\",\"null\"],\"enum\":[\"a\",null,\"b\"]}"))
        .isEqualTo(new AnswerType.Nullable(labels));
    assertThat(property("{\"enum\":[\"a\",\"b\",null]}"))
        .isEqualTo(new AnswerType.Nullable(labels));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          integer | "exclusiveMinimum":0.5,"exclusiveMaximum":9.5                | 1                    | 9
          integer | "exclusiveMinimum":-3,"exclusiveMaximum":-1                  | -2                   | -2
          integer | "minimum":5,"exclusiveMinimum":0,"maximum":8                 | 5                    | 8
          integer | "minimum":0,"exclusiveMinimum":4,"maximum":8                 | 5                    | 8
          integer | "minimum":0,"maximum":8,"exclusiveMaximum":100               | 0                    | 8
          integer | "minimum":0,"maximum":100,"exclusiveMaximum":8               | 0                    | 7
          number  | "exclusiveMinimum":0,"exclusiveMaximum":1                    | 0.000001             | 0.999999
          number  | "exclusiveMinimum":0.00000051,"maximum":1                    | 0.000001             | 1.000000
          number  | "exclusiveMinimum":1e-999999999,"exclusiveMaximum":1.000001  | 0.000001             | 1.000000
          number  | "exclusiveMinimum":20000000000,"exclusiveMaximum":3e10       | 20000000000.000004   | 29999999999.999996
          number  | "exclusiveMinimum":-3e10,"exclusiveMaximum":-20000000000     | -29999999999.999996  | -20000000000.000004
          integer | "exclusiveMinimum":0,"exclusiveMaximum":18446744073709551616 | 1                    | 9223372036854775807
          integer | "minimum":-99999999999999999999,"maximum":7                  | -9223372036854775808 | 7
          """)
  void exclusive_bounds_are_the_next_value_that_can_be_written_and_the_narrower_bound_holds(
      String type, String bounds, BigDecimal minimum, BigDecimal maximum) {
    assertThat(property("{\"type\":\"" + type + "\"," + bounds + "}"))
        .isEqualTo(new AnswerType.Number(minimum, maximum, minimum.scale()));
  }

  @Test
  void what_is_written_next_to_an_exclusive_bound_was_read_as_the_bound() {
    AnswerType.Number below =
        (AnswerType.Number) property("{\"type\":\"number\",\"exclusiveMaximum\":123456789012.5}");

    assertThat(below.maximum().doubleValue()).isLessThan(123456789012.5);
  }

  @Test
  void a_bound_beyond_all_numbers_is_refused() {
    assertThatThrownBy(() -> property("{\"type\":\"number\",\"exclusiveMaximum\":1e999}"))
        .hasMessageContaining("$.properties.p.exclusiveMaximum: must be a number");
  }

  @Test
  void a_schema_that_is_no_object_is_refused() {
    assertThatThrownBy(() -> read("{\"type\":\"string\"}")).hasMessageContaining("$: ");
  }

  /** Objects of one property each, which lead to a last value. */
  private static String chain(int length, String property, String last, String otherDefinitions) {
    StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
    for (int i = 0; i < length; i++) {
      schema.append("\"d" + i + "\":{\"type\":\"object\",\"properties\":{\"" + property);
      schema.append("\":{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}}},");
    }
    return schema.append("\"d" + length + "\":" + last + otherDefinitions + "}}").toString();
  }

  private static AnswerType property(String schema) {
    return read("{\"type\":\"object\",\"properties\":{\"p\":" + schema + "}}")
        .type()
        .fields()
        .get(0)
        .type();
  }

  private static Contract read(String schema) {
    return JsonSchemaReader.read("test", json(schema));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
