package io.kaiseki.inference.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.contract.AnswerType;

/** A contract as a JSON schema, as {@code response_format} of OpenAI's API takes it. */
public final class ContractSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String TYPE = "type";

  private ContractSchema() {}

  /** The JSON schema of a value of this type. */
  public static ObjectNode of(AnswerType type) {
    if (type instanceof AnswerType.Composite composite) {
      return composite(composite);
    }
    if (type instanceof AnswerType.Enumeration enumeration) {
      ObjectNode schema = typed("string");
      ArrayNode symbols = schema.putArray("enum");
      enumeration.symbols().forEach(symbols::add);
      return schema;
    }
    if (type instanceof AnswerType.Truth) {
      return typed("boolean");
    }
    if (type instanceof AnswerType.Text text) {
      return typed("string").put("minLength", text.minLength()).put("maxLength", text.maxLength());
    }
    if (type instanceof AnswerType.Quote quote) {
      // A document without words has only the empty quote.
      return typed("string").put("minLength", 0).put("maxLength", quote.maxLength());
    }
    if (type instanceof AnswerType.Number number) {
      return typed(number.fractionDigits() == 0 ? "integer" : "number")
          .put("minimum", number.minimum())
          .put("maximum", number.maximum());
    }
    if (type instanceof AnswerType.Date) {
      return typed("string").put("format", "date");
    }
    if (type instanceof AnswerType.Timestamp) {
      return typed("string").put("format", "date-time");
    }
    if (type instanceof AnswerType.Items items) {
      ObjectNode schema =
          typed("array").put("minItems", items.minItems()).put("maxItems", items.maxItems());
      schema.set("items", of(items.type()));
      return schema;
    }
    ObjectNode schema = JSON.objectNode();
    schema.putArray("anyOf").add(of(((AnswerType.Nullable) type).type())).add(typed("null"));
    return schema;
  }

  private static ObjectNode composite(AnswerType.Composite composite) {
    ObjectNode schema = typed("object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (AnswerType.Field field : composite.fields()) {
      ObjectNode property = of(field.type());
      if (!field.doc().isEmpty()) {
        property.put("description", field.doc());
      }
      properties.set(field.name(), property);
      required.add(field.name());
    }
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put(TYPE, type);
  }
}
