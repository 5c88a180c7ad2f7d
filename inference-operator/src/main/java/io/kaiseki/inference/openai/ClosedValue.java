package io.kaiseki.inference.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kaiseki.inference.contract.AnswerType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a closed field's value stands in an answer.
 *
 * @param path the field, such as {@code lines[0].kind}
 * @param label the label that was chosen
 * @param raw how it is written in JSON
 * @param offset where it begins
 * @param labels all labels and how they are written
 */
record ClosedValue(String path, String label, String raw, int offset, Map<String, String> labels) {

  private static final String NULL = "null";

  /** All of an answer that has been held against its contract, in the order of its text. */
  static List<ClosedValue> in(String content, AnswerType.Composite type) {
    List<ClosedValue> values = new ArrayList<>();
    try (JsonParser parser = ChatReply.JSON.createParser(content)) {
      parser.nextToken();
      value("", parser, type, values);
    } catch (IOException e) {
      throw new IllegalStateException("the answer has been parsed before", e);
    }
    return values;
  }

  private static void value(
      String path, JsonParser parser, AnswerType type, List<ClosedValue> values)
      throws IOException {
    if (type.closed()) {
      closed(path, parser, type, values);
    } else if (type instanceof AnswerType.Nullable nullable) {
      value(path, parser, nullable.type(), values);
    } else if (type instanceof AnswerType.Items items
        && parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        value(path + "[" + i + "]", parser, items.type(), values);
      }
    } else if (type instanceof AnswerType.Composite composite
        && parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        field(path.isEmpty() ? name : path + "." + name, parser, of(composite, name), values);
      }
    } else {
      parser.skipChildren();
    }
  }

  private static void field(
      String path, JsonParser parser, List<AnswerType> type, List<ClosedValue> values)
      throws IOException {
    if (type.isEmpty()) {
      parser.skipChildren();
    } else {
      value(path, parser, type.get(0), values);
    }
  }

  private static List<AnswerType> of(AnswerType.Composite composite, String name) {
    return composite.fields().stream()
        .filter(field -> field.name().equals(name))
        .map(AnswerType.Field::type)
        .toList();
  }

  private static void closed(
      String path, JsonParser parser, AnswerType type, List<ClosedValue> values)
      throws IOException {
    Map<String, String> labels = labels(type);
    String label = parser.currentToken() == JsonToken.VALUE_NULL ? NULL : parser.getText();
    String raw = labels.get(label);
    if (raw != null) {
      values.add(
          new ClosedValue(
              path, label, raw, (int) parser.currentTokenLocation().getCharOffset(), labels));
    }
  }

  private static Map<String, String> labels(AnswerType type) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (type instanceof AnswerType.Nullable nullable) {
      labels.put(NULL, NULL);
      labels.putAll(labels(nullable.type()));
    } else if (type instanceof AnswerType.Enumeration enumeration) {
      enumeration.symbols().forEach(symbol -> labels.put(symbol, '"' + symbol + '"'));
    } else {
      labels.put("true", "true");
      labels.put("false", "false");
    }
    return labels;
  }
}
