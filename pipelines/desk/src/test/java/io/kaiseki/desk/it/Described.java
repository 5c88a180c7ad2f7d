package io.kaiseki.desk.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Holds answers against the description of the API: nothing is missing, and nothing is untold. */
final class Described {

  private final JsonNode api;

  Described(JsonNode api) {
    this.api = api;
  }

  /** What differs between the answer of an operation and its description. */
  List<String> differences(String path, JsonNode answer) {
    List<String> differences = new ArrayList<>();
    JsonNode schema =
        api.get("paths").get(path).at("/get/responses/200/content/application~1json/schema");
    compare(schema, answer, path, differences);
    return differences;
  }

  private void compare(JsonNode given, JsonNode value, String at, List<String> differences) {
    JsonNode schema = given.has("$ref") ? api.at(given.get("$ref").asText().substring(1)) : given;
    JsonNode type = schema.path("type");
    boolean nullable = type.isArray() && type.toString().contains("\"null\"");
    if (value.isNull() && nullable) {
      return;
    }
    String expected = type.isArray() ? type.get(0).asText() : type.asText();
    if (schema.has("enum")
        ? !schema.get("enum").toString().contains("\"" + value.asText() + "\"")
        : !isOf(expected, value)) {
      differences.add(at + " is " + value.getNodeType() + ", not " + expected);
      return;
    }
    schema
        .path("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                differences.add(at + " lacks " + name.asText());
              }
            });
    value
        .properties()
        .forEach(
            one -> {
              String place = at + "/" + one.getKey();
              if (schema.path("properties").has(one.getKey())) {
                compare(
                    schema.get("properties").get(one.getKey()), one.getValue(), place, differences);
              } else if (schema.has("additionalProperties")) {
                compare(schema.get("additionalProperties"), one.getValue(), place, differences);
              } else if (schema.has("properties")) {
                differences.add(place + " is not described");
              }
            });
    if (value.isArray()) {
      value.forEach(item -> compare(schema.path("items"), item, at + "[]", differences));
    }
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> false;
    };
  }
}
