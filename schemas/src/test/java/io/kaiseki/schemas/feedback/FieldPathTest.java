package io.kaiseki.schemas.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class FieldPathTest {

  private static final Schema ANSWER =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Order", "fields": [
                {"name": "kind", "type": "string"},
                {"name": "buyer", "type": ["null", {"type": "record", "name": "Buyer", "fields": [
                  {"name": "since", "type": ["null", {"type": "int", "logicalType": "date"}]}]}]},
                {"name": "lines", "type": {"type": "array", "items": {
                  "type": "record", "name": "Line", "fields": [
                    {"name": "urgent", "type": "boolean"},
                    {"name": "price", "type": {"type": "bytes", "logicalType": "decimal",
                      "precision": 9, "scale": 2}}]}}}]}
              """);

  private final ObjectNode answer =
      (ObjectNode)
          FeedbackValue.tree(
              """
              {"kind": "order", "buyer": {"since": null},
               "lines": [{"urgent": true, "price": 10.00}, {"urgent": false, "price": 3.50}]}
              """);

  @Test
  void a_path_is_read_as_it_is_written_and_anything_else_is_none() {
    for (String path : new String[] {"kind", "buyer.since", "lines[1]", "lines[1].price"}) {
      assertThat(FieldPath.parse(path).orElseThrow()).hasToString(path);
    }
    for (String none :
        new String[] {"", ".", "lines[", "lines[x]", "lines[-1]", "a..b", "a b", "1", "[0]"}) {
      assertThat(FieldPath.parse(none)).as(none).isEmpty();
    }
    assertThat(path("a" + ".b[1]".repeat(100_000)).steps()).hasSize(200_000);
    assertThat(FieldPath.parse("a" + ".b[1]".repeat(100_000) + "!")).isEmpty();
    assertThat(path("lines[12].price").withoutIndexes()).isEqualTo("lines[].price");
    assertThat(path("lines").isWhole()).isTrue();
  }

  @Test
  void it_leads_to_values_and_their_types() {
    assertThat(path("lines[1].price").in(answer).decimalValue()).isEqualTo("3.50");
    assertThat(path("lines[2].price").in(answer).isMissingNode()).isTrue();
    assertThat(path("kind[0]").in(answer).isMissingNode()).isTrue();
    assertThat(path("lines[7].urgent").in(ANSWER).map(Schema::getType))
        .hasValue(Schema.Type.BOOLEAN);
    assertThat(path("buyer.since").in(ANSWER).map(Schema::isNullable)).hasValue(true);
    assertThat(path("buyer.name").in(ANSWER)).isEmpty();
    assertThat(path("lines.urgent").in(ANSWER)).isEmpty();
  }

  @Test
  void a_value_goes_where_there_is_a_place_for_it_and_nowhere_else() {
    assertThat(put("lines[0].price", "12.50")).isTrue();
    assertThat(put("lines[1].urgent", "true")).isTrue();
    assertThat(put("buyer.since", "2026-03-01")).isTrue();
    assertThat(path("lines[2].urgent").put(answer, FeedbackValue.tree("[]"))).isFalse();

    assertThat(answer)
        .hasToString(
            "{\"kind\":\"order\",\"buyer\":{\"since\":\"2026-03-01\"},\"lines\":["
                + "{\"urgent\":true,\"price\":12.50},{\"urgent\":true,\"price\":3.50}]}");
  }

  @Test
  void values_are_texts_and_texts_values_of_their_type() {
    assertThat(FeedbackValue.text(path("lines[1].price").in(answer))).isEqualTo("3.50");
    assertThat(FeedbackValue.text(path("buyer.since").in(answer))).isNull();
    assertThat(FeedbackValue.text(path("lines[0]").in(answer)))
        .isEqualTo("{\"urgent\":true,\"price\":10.00}");
    assertThatThrownBy(() -> put("lines[1].price", "much"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> put("lines[1].urgent", "yes"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> put("lines", "none")).isInstanceOf(IllegalArgumentException.class);
  }

  private boolean put(String path, String value) {
    Optional<Schema> type = path(path).in(ANSWER);
    JsonNode json = FeedbackValue.json(value, type.orElseThrow());
    return path(path).put(answer, json);
  }

  private static FieldPath path(String text) {
    return FieldPath.parse(text).orElseThrow();
  }
}
