package io.kaiseki.inference.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class JsonSchemaReaderTest {

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
  void a_schema_that_is_no_object_is_refused() {
    assertThatThrownBy(() -> read("{\"type\":\"string\"}")).hasMessageContaining("$: ");
  }

  private static Contract read(String schema) {
    return JsonSchemaReader.read("test", json(schema));
  }

  private static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
