package io.kaiseki.inference.contract;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer's JSON, in either {@link AnswerLayout}, into a record of the contract's schema.
 * Values of logical types come out in their underlying form: days, milliseconds, unscaled bytes.
 */
final class AnswerReader {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final Conversions.DecimalConversion DECIMAL = new Conversions.DecimalConversion();

  private AnswerReader() {}

  static GenericRecord read(byte[] json, Schema schema) {
    try {
      return record(JSON.readTree(json), schema);
    } catch (IOException e) {
      throw new IllegalArgumentException("the answer is no JSON", e);
    }
  }

  private static GenericRecord record(JsonNode node, Schema schema) {
    GenericRecord record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      JsonNode value = node.isArray() ? node.get(field.pos()) : node.get(field.name());
      if (value == null) {
        throw new IllegalArgumentException("the answer lacks field " + field.name());
      }
      record.put(field.pos(), value(value, field.schema()));
    }
    return record;
  }

  private static @Nullable Object value(JsonNode node, Schema schema) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case RECORD -> record(node, schema);
      case ENUM -> new GenericData.EnumSymbol(schema, node.textValue());
      case BOOLEAN -> node.booleanValue();
      case STRING -> node.textValue();
      case INT ->
          logical instanceof LogicalTypes.Date
              ? (Object) (int) LocalDate.parse(node.textValue()).toEpochDay()
              : (Object) node.intValue();
      case LONG ->
          logical instanceof LogicalTypes.TimestampMillis
              ? Instant.parse(node.textValue()).toEpochMilli()
              : node.longValue();
      case FLOAT -> Float.parseFloat(node.asText());
      case DOUBLE -> node.doubleValue();
      case BYTES -> DECIMAL.toBytes(decimal(node, schema), schema, logical);
      case FIXED -> DECIMAL.toFixed(decimal(node, schema), schema, logical);
      case ARRAY -> items(node, schema);
      case UNION -> union(node, schema);
      case MAP, NULL ->
          throw new IllegalArgumentException("no answer holds a " + schema.getType().getName());
    };
  }

  private static BigDecimal decimal(JsonNode node, Schema schema) {
    LogicalTypes.Decimal type = (LogicalTypes.Decimal) schema.getLogicalType();
    return node.decimalValue().setScale(type.getScale());
  }

  private static List<@Nullable Object> items(JsonNode node, Schema schema) {
    List<@Nullable Object> items = new ArrayList<>(node.size());
    node.forEach(item -> items.add(value(item, schema.getElementType())));
    return items;
  }

  private static @Nullable Object union(JsonNode node, Schema schema) {
    if (node.isNull()) {
      return null;
    }
    for (Schema branch : schema.getTypes()) {
      if (branch.getType() != Schema.Type.NULL) {
        return value(node, branch);
      }
    }
    return null;
  }
}
