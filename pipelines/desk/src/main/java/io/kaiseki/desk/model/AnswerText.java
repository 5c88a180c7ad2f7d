package io.kaiseki.desk.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.schemas.feedback.FeedbackValue;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Values of answers as text and as JSON, the way people read and correct them. */
public final class AnswerText {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AnswerText() {}

  /** A value as text, in the form of feedback; null where it is null. */
  public static @Nullable String of(@Nullable Object value, Schema schema) {
    return FeedbackValue.text(json(value, schema));
  }

  /** A value as JSON. */
  public static JsonNode json(@Nullable Object value, Schema schema) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof GenericRecord record) {
      ObjectNode object = NODES.objectNode();
      record
          .getSchema()
          .getFields()
          .forEach(
              field -> object.set(field.name(), json(record.get(field.pos()), field.schema())));
      return object;
    }
    if (value instanceof Iterable<?> list) {
      Schema elements = branch(schema, Schema.Type.ARRAY);
      ArrayNode array = NODES.arrayNode();
      list.forEach(element -> array.add(json(element, elements.getElementType())));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      Schema values = branch(schema, Schema.Type.MAP);
      ObjectNode object = NODES.objectNode();
      map.forEach(
          (key, element) -> object.set(key.toString(), json(element, values.getValueType())));
      return object;
    }
    return scalar(value, schema);
  }

  private static JsonNode scalar(Object value, Schema schema) {
    if (value instanceof GenericEnumSymbol<?> || value instanceof CharSequence) {
      return NODES.textNode(value.toString());
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof ByteBuffer || value instanceof GenericFixed) {
      Schema type =
          branch(schema, value instanceof ByteBuffer ? Schema.Type.BYTES : Schema.Type.FIXED);
      return type.getLogicalType() instanceof LogicalTypes.Decimal decimal
          ? NODES.numberNode(Logical.decimal(value, type, decimal))
          : NODES.textNode("(bytes)");
    }
    if (value instanceof Integer || value instanceof Long) {
      String text = Logical.time(((Number) value).longValue(), schema);
      return text == null ? NODES.numberNode(((Number) value).longValue()) : NODES.textNode(text);
    }
    if (value instanceof Float || value instanceof Double) {
      // By its text: a float that becomes a double has digits that nobody wrote.
      return Double.isFinite(((Number) value).doubleValue())
          ? NODES.numberNode(withoutExponent(new BigDecimal(value.toString())))
          : NODES.textNode(value.toString());
    }
    return NODES.textNode(value.toString());
  }

  private static BigDecimal withoutExponent(BigDecimal number) {
    return number.setScale(Math.max(0, number.scale()));
  }

  /** The branch of a union that holds this type; a schema that is no union stands for itself. */
  private static Schema branch(Schema schema, Schema.Type type) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    return schema.getTypes().stream()
        .filter(one -> one.getType() == type)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("union without " + type));
  }
}
