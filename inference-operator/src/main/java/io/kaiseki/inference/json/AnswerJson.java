package io.kaiseki.inference.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.schemas.avro.Unions;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** A value of an answer as JSON, with logical types as people write them. */
public final class AnswerJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Conversions.DecimalConversion DECIMAL = new Conversions.DecimalConversion();

  private AnswerJson() {}

  /** The JSON of one value of the given schema. */
  public static JsonNode of(@Nullable Object value, Schema schema) {
    if (value == null) {
      return JSON.nullNode();
    }
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case RECORD -> record((GenericRecord) value);
      case ARRAY -> {
        ArrayNode array = JSON.arrayNode();
        ((Iterable<?>) value).forEach(item -> array.add(of(item, schema.getElementType())));
        yield array;
      }
      case UNION -> of(value, Unions.withoutNull(schema));
      case BOOLEAN -> JSON.booleanNode((Boolean) value);
      case INT ->
          logical instanceof LogicalTypes.Date
              ? JSON.textNode(LocalDate.ofEpochDay((Integer) value).toString())
              : JSON.numberNode((Integer) value);
      case LONG ->
          logical instanceof LogicalTypes.TimestampMillis
              ? JSON.textNode(Instant.ofEpochMilli((Long) value).toString())
              : JSON.numberNode((Long) value);
      case FLOAT, DOUBLE -> JSON.numberNode(new BigDecimal(value.toString()));
      case BYTES -> JSON.numberNode(DECIMAL.fromBytes((ByteBuffer) value, schema, logical));
      case FIXED -> JSON.numberNode(DECIMAL.fromFixed((GenericFixed) value, schema, logical));
      case ENUM, STRING -> JSON.textNode(value.toString());
      case MAP, NULL ->
          throw new IllegalArgumentException("no answer holds a " + schema.getType().getName());
    };
  }

  /** The JSON of a whole answer: an object with all fields in schema order. */
  public static ObjectNode record(GenericRecord record) {
    ObjectNode object = JSON.objectNode();
    for (Schema.Field field : record.getSchema().getFields()) {
      object.set(field.name(), of(record.get(field.pos()), field.schema()));
    }
    return object;
  }
}
