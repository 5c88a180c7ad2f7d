package io.kaiseki.pipelines.eval.labels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.pipelines.config.NearestName;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The elements of a value of an open field, in one form for labels and for answers, so that equal
 * values are equal texts: runs of white space as one space, numbers without needless digits, dates
 * and moments as ISO 8601, records as JSON with all their fields, sorted, and values like those.
 */
public final class OpenValue {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Most digits after the point; no type has as many, and exponents can ask for millions. */
  private static final int MOST_DIGITS = 400;

  private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

  private OpenValue() {}

  /**
   * The elements of a value; none of one that is null or blank.
   *
   * @param value a value as JSON, or its text; for a list a JSON array, a text that holds one, or
   *     its only element
   * @throws IllegalArgumentException if the value is none of the type; the message says what was
   *     expected
   */
  public static List<String> elements(JsonNode value, AnswerType type) {
    if (type instanceof AnswerType.Nullable nullable) {
      return elements(value, nullable.type());
    }
    if (type instanceof AnswerType.Items items) {
      List<String> elements = new ArrayList<>();
      for (JsonNode item : items(value)) {
        elements.add(element(item, items.type()));
      }
      return elements;
    }
    return isEmpty(value) ? List.of() : List.of(element(value, type));
  }

  /**
   * The elements of a value that is given as a label; none only where the field may be empty.
   *
   * @throws IllegalArgumentException if the value can't be a label; the message says what was
   *     expected
   */
  public static List<String> label(JsonNode value, AnswerType type) {
    List<String> elements = elements(value, type);
    boolean mayBeEmpty = type instanceof AnswerType.Nullable || type instanceof AnswerType.Items;
    if (elements.isEmpty() && !mayBeEmpty) {
      throw new IllegalArgumentException("some value");
    }
    return elements;
  }

  private static Iterable<JsonNode> items(JsonNode value) {
    if (isEmpty(value)) {
      return List.of();
    }
    JsonNode list =
        value.isTextual() && value.asText().strip().startsWith("[") ? parsed(value) : value;
    return list.isArray() ? list : List.of(list);
  }

  private static String element(JsonNode value, AnswerType type) {
    JsonNode normal = normal(value, type);
    if (normal.isNumber()) {
      return normal.decimalValue().toPlainString();
    }
    return normal.isTextual() ? normal.textValue() : normal.toString();
  }

  private static JsonNode normal(JsonNode value, AnswerType type) {
    if (type instanceof AnswerType.Nullable nullable) {
      return isEmpty(value) ? NODES.nullNode() : normal(value, nullable.type());
    }
    if (type instanceof AnswerType.Items items) {
      return list(value, items);
    }
    return type instanceof AnswerType.Composite composite
        ? record(value, composite)
        : scalar(value, type);
  }

  private static JsonNode list(JsonNode value, AnswerType.Items type) {
    ArrayNode list = NODES.arrayNode();
    if (!isEmpty(value)) {
      JsonNode given = value.isTextual() ? parsed(value) : value;
      if (!given.isArray()) {
        throw new IllegalArgumentException("a list as JSON");
      }
      given.forEach(item -> list.add(normal(item, type.type())));
    }
    return list;
  }

  private static JsonNode record(JsonNode value, AnswerType.Composite type) {
    JsonNode given = value.isTextual() ? parsed(value) : value;
    List<String> names = type.fields().stream().map(AnswerType.Field::name).toList();
    String expected = "a record of " + String.join(", ", names);
    if (!given.isObject()) {
      throw new IllegalArgumentException(expected);
    }
    given
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                String none = "it has no " + name;
                throw new IllegalArgumentException(
                    expected + "; " + NearestName.hint(name, names, none));
              }
            });
    Map<String, JsonNode> members = new TreeMap<>();
    for (AnswerType.Field field : type.fields()) {
      // An answer has all fields, and a person leaves out those that are empty.
      JsonNode member = given.has(field.name()) ? given.get(field.name()) : NODES.nullNode();
      try {
        members.put(field.name(), normal(member, field.type()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "a record whose " + field.name() + " takes " + e.getMessage(), e);
      }
    }
    return new ObjectNode(NODES, members);
  }

  private static JsonNode scalar(JsonNode value, AnswerType type) {
    String text = value.isNull() ? "" : SPACE.matcher(value.asText()).replaceAll(" ").strip();
    try {
      if (type instanceof AnswerType.Number) {
        return NODES.numberNode(number(text));
      }
      if (type instanceof AnswerType.Date) {
        return NODES.textNode(LocalDate.parse(text).toString());
      }
      if (type instanceof AnswerType.Timestamp) {
        return NODES.textNode(Instant.parse(text).toString());
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number, such as 12.5", e);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          type instanceof AnswerType.Date
              ? "a day, such as 2026-01-31"
              : "a moment in UTC, such as 2026-01-31T08:00:00Z",
          e);
    }
    if (type.closed()) {
      List<String> symbols = Symbols.of(type);
      String symbol =
          Symbols.find(text, symbols)
              .orElseThrow(() -> new IllegalArgumentException(Symbols.expected(text, symbols)));
      return type instanceof AnswerType.Truth
          ? NODES.booleanNode(Boolean.parseBoolean(symbol))
          : NODES.textNode(symbol);
    }
    if (value.isContainerNode() || value.isNull()) {
      throw new IllegalArgumentException("a text");
    }
    return NODES.textNode(text);
  }

  /** One value, one form: 12.5 and 12.50, 100 and 1E+2. */
  private static BigDecimal number(String text) {
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    if (!Double.isFinite(number.doubleValue()) || number.scale() > MOST_DIGITS) {
      throw new NumberFormatException("beyond what is written out");
    }
    return number.setScale(Math.max(0, number.scale()));
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull() || value.isTextual() && value.asText().isBlank();
  }

  private static JsonNode parsed(JsonNode text) {
    try {
      JsonNode parsed = TableReader.json(text.asText());
      return parsed.isMissingNode() ? NODES.nullNode() : parsed;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a list or record as JSON", e);
    }
  }
}
