package io.kaiseki.inference.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.contract.AnswerLayout;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.contract.ExpandedSize;
import io.kaiseki.inference.contract.UnsupportedSchemaException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/**
 * Reads a JSON schema, in the subset that a contract can hold to, into a contract. Supported are
 * objects with named properties, strings with {@code minLength} and {@code maxLength} (256 where
 * none is given) or of the formats {@code date} and {@code date-time}, {@code enum} and {@code
 * const} of strings, booleans, integers and numbers with bounds, arrays with {@code minItems} and
 * {@code maxItems} (16 where none is given), a type or null, and {@code $ref} into the schema
 * itself, up to {@value ExpandedSize#MAX_PARTS} values and labels in all. Every property is in
 * every answer, whether the schema requires it or not.
 *
 * <p>Names and labels need not be names in Avro's sense, so the contract can be used where it was
 * made, and not be sent anywhere.
 */
public final class JsonSchemaReader {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String NULL = "null";

  /** What says nothing about values, or says what holds anyway. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "type");

  private final JsonNode root;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> openReferences = new LinkedHashSet<>();
  private final ExpandedSize size = new ExpandedSize();
  private int names;

  private JsonSchemaReader(JsonNode root) {
    this.root = root;
  }

  /**
   * Reads a schema.
   *
   * @param name what the answer is called; only letters, digits and underscores of it are kept
   * @throws UnsupportedJsonSchemaException naming every place that can't be expressed
   */
  public static Contract read(String name, JsonNode schema) {
    JsonSchemaReader reader = new JsonSchemaReader(schema);
    ObjectNode record = reader.root(name);
    if (reader.size.exceeded()) {
      reader.problems.add("$: " + ExpandedSize.problem());
    }
    if (!reader.problems.isEmpty()) {
      throw new UnsupportedJsonSchemaException(reader.problems);
    }
    try {
      return Contract.of(
          new Schema.Parser(NameValidator.NO_VALIDATION).parse(record.toString()),
          AnswerLayout.OBJECT);
    } catch (UnsupportedSchemaException e) {
      throw new UnsupportedJsonSchemaException(e.problems());
    }
  }

  private ObjectNode root(String name) {
    JsonNode resolved = resolved("$", root);
    JsonNode type = value("$", resolved, JSON.objectNode());
    if (type instanceof ObjectNode object && object.path("type").asText().equals("record")) {
      return object.put("name", "Answer_" + name.replaceAll("[^A-Za-z0-9_]", "_"));
    }
    problem("$", "must be of type object");
    return JSON.objectNode();
  }

  /**
   * @param field takes the bounds and the description of the value
   * @return the Avro type
   */
  private JsonNode value(String path, JsonNode given, ObjectNode field) {
    JsonNode schema = resolved(path, given);
    if (!schema.isObject()) {
      return problem(path, "must be an object that says a type");
    }
    describe(given, field);
    describe(schema, field);
    try {
      if (!size.add(path, field.path("doc").asText())) {
        return JSON.textNode("boolean");
      }
      for (String union : List.of("anyOf", "oneOf")) {
        if (schema.has(union)) {
          refuseOthers(path, schema, Set.of(union));
          return union(path + "." + union, schema.get(union), field);
        }
      }
      if (schema.has("allOf")) {
        refuseOthers(path, schema, Set.of("allOf"));
        return schema.get("allOf").size() == 1
            ? value(path + ".allOf[0]", schema.get("allOf").get(0), field)
            : problem(path + ".allOf", "several schemas at once can't be held to; merge them");
      }
      return typed(path, schema, field);
    } finally {
      leave(given);
    }
  }

  private JsonNode typed(String path, JsonNode schema, ObjectNode field) {
    List<String> types = new ArrayList<>();
    if (schema.path("type").isArray()) {
      schema.get("type").forEach(type -> types.add(type.asText()));
    } else if (schema.has("type")) {
      types.add(schema.get("type").asText());
    } else if (schema.has("enum") || schema.has("const")) {
      types.add("string");
    } else if (schema.has("properties")) {
      types.add("object");
    }
    boolean nullable = types.remove(NULL);
    if (schema.has("enum") || schema.has("const")) {
      // Where a type stands beside the values, null must be allowed by both.
      nullable = (nullable || !schema.has("type")) && has(schema.path("enum"), JSON.nullNode());
    }
    if (types.size() != 1) {
      return problem(
          path + ".type",
          types.isEmpty() ? "missing" : "several types are ambiguous; use one, or one and null");
    }
    JsonNode type =
        switch (types.get(0)) {
          case "object" -> object(path, schema);
          case "string" -> string(path, schema, field);
          case "boolean" -> {
            refuseOthers(path, schema, Set.of());
            yield JSON.textNode("boolean");
          }
          case "integer" -> number(path, schema, field, "long");
          case "number" -> number(path, schema, field, "double");
          case "array" -> array(path, schema, field);
          default -> problem(path + ".type", "unknown type " + types.get(0));
        };
    return nullable ? orNull(type) : type;
  }

  private JsonNode object(String path, JsonNode schema) {
    refuseOthers(path, schema, Set.of("properties", "required", "additionalProperties"));
    JsonNode additional = schema.path("additionalProperties");
    if (additional.isObject() || schema.path("properties").isEmpty()) {
      return problem(
          path, "an object needs named properties; open keys can't be held to a finite answer");
    }
    schema
        .path("required")
        .forEach(
            name -> {
              if (!schema.get("properties").has(name.asText())) {
                problem(path + ".required", name.asText() + " is no property");
              }
            });
    ObjectNode record = JSON.objectNode().put("type", "record").put("name", nextName());
    ArrayNode fields = record.putArray("fields");
    schema
        .get("properties")
        .properties()
        .forEach(
            property -> {
              String place = path + ".properties." + property.getKey();
              refuseUnwritable(place, property.getKey());
              ObjectNode field = JSON.objectNode().put("name", property.getKey());
              field.set("type", value(place, property.getValue(), field));
              fields.add(field);
            });
    return record;
  }

  private JsonNode string(String path, JsonNode schema, ObjectNode field) {
    if (schema.has("enum") || schema.has("const")) {
      refuseOthers(path, schema, Set.of("enum", "const"));
      return enumeration(path, schema);
    }
    refuseOthers(path, schema, Set.of("minLength", "maxLength", "format"));
    switch (schema.path("format").asText("")) {
      case "" -> {
        copy(path, schema, field, "minLength", "maxLength");
        return JSON.textNode("string");
      }
      case "date" -> {
        return JSON.objectNode().put("type", "int").put("logicalType", "date");
      }
      case "date-time" -> {
        return JSON.objectNode().put("type", "long").put("logicalType", "timestamp-millis");
      }
      default -> {
        return problem(
            path + ".format",
            schema.get("format").asText() + " can't be held to; supported are date and date-time");
      }
    }
  }

  private JsonNode enumeration(String path, JsonNode schema) {
    ObjectNode type = JSON.objectNode().put("type", "enum").put("name", nextName());
    ArrayNode symbols = type.putArray("symbols");
    Set<String> known = new HashSet<>();
    JsonNode values =
        schema.has("enum") ? schema.get("enum") : JSON.arrayNode().add(schema.get("const"));
    for (JsonNode symbol : values) {
      if (symbol.isTextual()) {
        refuseUnwritable(path + ".enum", symbol.textValue());
        if (known.add(symbol.textValue()) && size.add(symbol.textValue())) {
          symbols.add(symbol.textValue());
        }
      } else if (!symbol.isNull()) {
        problem(path + ".enum", "holds " + symbol + "; only strings and null can be told apart");
      }
    }
    return symbols.isEmpty() ? problem(path + ".enum", "holds no string") : type;
  }

  private JsonNode number(String path, JsonNode schema, ObjectNode field, String type) {
    refuseOthers(
        path, schema, Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"));
    copy(path, schema, field, "minimum", "maximum");
    ObjectNode exclusive = JSON.objectNode();
    copy(path, schema, exclusive, "exclusiveMinimum", "exclusiveMaximum");
    NumberBounds.read(field, exclusive, type.equals("long"));
    return JSON.textNode(type);
  }

  private JsonNode array(String path, JsonNode schema, ObjectNode field) {
    refuseOthers(path, schema, Set.of("items", "minItems", "maxItems"));
    if (!schema.path("items").isObject()) {
      return problem(path + ".items", "must say what the items are");
    }
    ObjectNode item = JSON.objectNode();
    JsonNode items = value(path + ".items", schema.get("items"), item);
    ObjectNode type = JSON.objectNode().put("type", "array");
    type.set("items", items);
    copy(path, schema, type, "minItems", "maxItems");
    // An array's field holds the bounds of its items; its own stand at the type.
    item.remove("doc");
    item.properties().forEach(bound -> field.set(bound.getKey(), bound.getValue()));
    return type;
  }

  private JsonNode union(String path, JsonNode branches, ObjectNode field) {
    List<JsonNode> types = new ArrayList<>();
    boolean nullable = false;
    int at = 0;
    for (JsonNode branch : branches) {
      if (branch.path("type").asText().equals(NULL)) {
        nullable = true;
      } else {
        types.add(value(path + "[" + at + "]", branch, field));
      }
      at++;
    }
    if (types.size() != 1) {
      return problem(path, "several types are ambiguous; use one, or one and null");
    }
    return nullable ? orNull(types.get(0)) : types.get(0);
  }

  private static JsonNode orNull(JsonNode type) {
    return type.isArray() ? type : JSON.arrayNode().add(NULL).add(type);
  }

  private JsonNode resolved(String path, JsonNode schema) {
    JsonNode reference = schema.path("$ref");
    if (!reference.isTextual()) {
      return schema;
    }
    refuseOthers(path, schema, Set.of("$ref"));
    String target = reference.textValue();
    JsonNode referred = target.startsWith("#/") ? root.at(target.substring(1)) : JSON.missingNode();
    if (referred.isMissingNode()) {
      return problem(path + ".$ref", target + " leads nowhere within the schema");
    }
    if (schema.has("type") && !schema.get("type").equals(referred.get("type"))) {
      problem(path + ".type", "can't be held to beside $ref; remove it");
    }
    if (!openReferences.add(target)) {
      return problem(path + ".$ref", target + " contains itself; answers must be finite");
    }
    return referred;
  }

  private void leave(JsonNode schema) {
    if (schema.path("$ref").isTextual()) {
      openReferences.remove(schema.get("$ref").textValue());
    }
  }

  private static void describe(JsonNode schema, ObjectNode field) {
    if (schema.path("description").isTextual() && !field.has("doc")) {
      field.put("doc", schema.get("description").textValue());
    }
  }

  private void copy(String path, JsonNode schema, ObjectNode target, String... keys) {
    for (String key : keys) {
      JsonNode value = schema.path(key);
      if (value.isNumber() && Double.isFinite(value.doubleValue())) {
        target.set(key, value);
      } else if (!value.isMissingNode()) {
        problem(path + "." + key, "must be a number");
      }
    }
  }

  private void refuseOthers(String path, JsonNode schema, Set<String> known) {
    schema
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key) && !ANNOTATIONS.contains(key)) {
                problem(path + "." + key, "can't be held to; remove it");
              }
            });
  }

  private void refuseUnwritable(String path, String text) {
    if (text.isEmpty() || text.codePoints().anyMatch(c -> c < 0x20 || c == '"' || c == '\\')) {
      problem(path, "names and labels must not be empty or hold quotes, backslashes, line breaks");
    }
  }

  private static boolean has(JsonNode array, JsonNode value) {
    for (JsonNode item : array) {
      if (item.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private String nextName() {
    return "Type_" + names++;
  }

  private JsonNode problem(String path, String what) {
    // A type that is used in many places has its problems in all of them.
    if (size.add(path, what)) {
      problems.add(path + ": " + what);
    }
    return JSON.textNode("boolean");
  }
}
