package io.kaiseki.pipelines.eval.labels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.contract.AnswerType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The elements of a value of an open field, in one form for labels and for answers, so that equal
 * values are equal texts: runs of white space as one space, numbers without needless digits, dates
 * and moments as ISO 8601, records as JSON with sorted keys and numbers like those.
 */
public final class OpenValue {

  private static final JsonMapper JSON = JsonMapper.builder().build();
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
    if (type instanceof AnswerType.Nullable nullable) {
      return isEmpty(value) ? "null" : element(value, nullable.type());
    }
    if (type instanceof AnswerType.Composite || type instanceof AnswerType.Items) {
      return sorted(value.isTextual() ? parsed(value) : value).toString();
    }
    String text = SPACE.matcher(value.asText()).replaceAll(" ").strip();
    try {
      if (type instanceof AnswerType.Number) {
        BigDecimal number = new BigDecimal(text);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
      }
      if (type instanceof AnswerType.Date) {
        return LocalDate.parse(text).toString();
      }
      return type instanceof AnswerType.Timestamp ? Instant.parse(text).toString() : text;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number, such as 12.5", e);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          type instanceof AnswerType.Date
              ? "a day, such as 2026-01-31"
              : "a moment in UTC, such as 2026-01-31T08:00:00Z",
          e);
    }
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull() || value.isTextual() && value.asText().isBlank();
  }

  private static JsonNode parsed(JsonNode text) {
    try {
      JsonNode parsed = JSON.readTree(text.asText());
      return parsed.isMissingNode() ? NullNode.getInstance() : parsed;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a list or record as JSON", e);
    }
  }

  private static JsonNode sorted(JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, JsonNode> members = new TreeMap<>();
      node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
      return new ObjectNode(JsonNodeFactory.instance, members);
    }
    if (node.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode(node.size());
      node.forEach(item -> array.add(sorted(item)));
      return array;
    }
    if (node.isNumber()) {
      // An amount is the same whether it is written 12.5 or 12.50.
      BigDecimal number = node.decimalValue().stripTrailingZeros();
      return JsonNodeFactory.instance.numberNode(number.setScale(Math.max(0, number.scale())));
    }
    return node;
  }
}
