package io.kaiseki.desk.model;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.jspecify.annotations.Nullable;

/** Dates, times and decimals out of Avro's raw types. */
final class Logical {

  private static final Conversions.DecimalConversion DECIMAL = new Conversions.DecimalConversion();

  private Logical() {}

  static BigDecimal decimal(Object value, Schema schema, LogicalTypes.Decimal type) {
    return value instanceof ByteBuffer bytes
        ? DECIMAL.fromBytes(bytes, schema, type)
        : DECIMAL.fromFixed((GenericFixed) value, schema, type);
  }

  /** A date or time as ISO 8601; null where the number is just a number. */
  static @Nullable String time(long value, Schema schema) {
    Schema type = schema;
    if (schema.getType() == Schema.Type.UNION) {
      type =
          schema.getTypes().stream()
              .filter(one -> one.getLogicalType() != null)
              .findFirst()
              .orElse(schema);
    }
    if (type.getLogicalType() == null) {
      return null;
    }
    return switch (type.getLogicalType().getName()) {
      case "date" -> LocalDate.ofEpochDay(value).toString();
      case "time-millis" -> LocalTime.ofNanoOfDay(value * 1_000_000).toString();
      case "time-micros" -> LocalTime.ofNanoOfDay(value * 1_000).toString();
      case "timestamp-millis" -> Instant.ofEpochMilli(value).toString();
      case "timestamp-micros" -> Instant.EPOCH.plus(value, ChronoUnit.MICROS).toString();
      default -> null;
    };
  }
}
