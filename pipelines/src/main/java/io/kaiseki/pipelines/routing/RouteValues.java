package io.kaiseki.pipelines.routing;

import dev.cel.common.values.NullValue;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.schemas.avro.Unions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** What a condition sees of one result: the variables, with values of the language's types. */
final class RouteValues {

  /** Confidence of a field that was not decided, because the record around it is null. */
  private static final double UNDECIDED = 1;

  private static final Conversions.DecimalConversion DECIMAL = new Conversions.DecimalConversion();

  private RouteValues() {}

  static Map<String, Object> of(
      AnswerType.Composite type, IndexedRecord answer, List<FieldConfidence> confidences) {
    Map<String, Object> probabilities = undecided(type);
    double least = UNDECIDED;
    for (FieldConfidence confidence : confidences) {
      put(probabilities, confidence.field().split("\\."), confidence.probability());
      least = Math.min(least, confidence.probability());
    }
    return Map.of(
        RouteTypes.ANSWER, record(type, answer),
        RouteTypes.CONFIDENCE, probabilities,
        RouteTypes.LEAST_CONFIDENCE, least);
  }

  private static Map<String, Object> record(AnswerType.Composite type, IndexedRecord record) {
    Map<String, Object> values = new HashMap<>();
    for (AnswerType.Field field : type.fields()) {
      Schema.Field at = record.getSchema().getField(field.name());
      values.put(field.name(), value(field.type(), record.get(at.pos()), at.schema()));
    }
    return values;
  }

  private static Object value(AnswerType type, @Nullable Object value, Schema schema) {
    if (value == null) {
      return RouteTypes.withoutNull(type) instanceof AnswerType.Items
          ? List.of()
          : NullValue.NULL_VALUE;
    }
    if (type instanceof AnswerType.Nullable nullable) {
      return value(nullable.type(), value, Unions.withoutNull(schema));
    }
    if (type instanceof AnswerType.Composite composite) {
      return record(composite, (IndexedRecord) value);
    }
    if (type instanceof AnswerType.Items items) {
      List<Object> list = new ArrayList<>();
      for (Object item : (Iterable<?>) value) {
        list.add(value(items.type(), item, schema.getElementType()));
      }
      return list;
    }
    if (type instanceof AnswerType.Number number) {
      Number read = number(value, schema);
      return RouteTypes.isWhole(number) ? (Object) read.longValue() : (Object) read.doubleValue();
    }
    if (type instanceof AnswerType.Date) {
      return Instant.EPOCH.plus(Duration.ofDays(((Number) value).longValue()));
    }
    if (type instanceof AnswerType.Timestamp) {
      return Instant.ofEpochMilli(((Number) value).longValue());
    }
    return type instanceof AnswerType.Truth ? value : value.toString();
  }

  private static Number number(Object value, Schema schema) {
    if (value instanceof ByteBuffer bytes) {
      return DECIMAL.fromBytes(bytes.duplicate(), schema, schema.getLogicalType());
    }
    return value instanceof GenericFixed fixed
        ? DECIMAL.fromFixed(fixed, schema, schema.getLogicalType())
        : (Number) value;
  }

  private static Map<String, Object> undecided(AnswerType.Composite type) {
    Map<String, Object> values = new HashMap<>();
    for (AnswerType.Field field : type.fields()) {
      if (field.type().closed()) {
        values.put(field.name(), UNDECIDED);
      } else if (RouteTypes.withoutNull(field.type()) instanceof AnswerType.Composite inner) {
        values.put(field.name(), undecided(inner));
      }
    }
    return values;
  }

  /** Those of items of lists are not there to be replaced: their paths have an index. */
  @SuppressWarnings("unchecked") // Values are numbers or maps made by undecided().
  private static void put(Map<String, Object> values, String[] path, double probability) {
    Map<String, Object> within = values;
    for (int i = 0; i < path.length - 1; i++) {
      if (!(within.get(path[i]) instanceof Map<?, ?> inner)) {
        return;
      }
      within = (Map<String, Object>) inner;
    }
    within.replace(path[path.length - 1], probability);
  }
}
