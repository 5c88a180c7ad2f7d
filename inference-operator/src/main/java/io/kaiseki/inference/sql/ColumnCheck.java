package io.kaiseki.inference.sql;

import io.kaiseki.schemas.avro.Unions;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** Whether columns can hold what an Avro schema describes. Fields without a column are left out. */
final class ColumnCheck {

  private final List<String> problems;

  private ColumnCheck(List<String> problems) {
    this.problems = problems;
  }

  static void check(RowType columns, Schema schema, List<String> problems) {
    new ColumnCheck(problems).record("", columns, schema);
  }

  private void record(String parent, RowType row, Schema schema) {
    for (RowType.RowField column : row.getFields()) {
      String path = parent.isEmpty() ? column.getName() : parent + "." + column.getName();
      Schema.Field field = schema.getField(column.getName());
      if (field == null) {
        problems.add(
            "column %s: the result schema has no such field; it has %s"
                .formatted(
                    path,
                    String.join(
                        ", ", schema.getFields().stream().map(Schema.Field::name).toList())));
      } else {
        field(path, column.getType(), field.schema());
      }
    }
  }

  private void field(String path, LogicalType type, Schema schema) {
    if (schema.isNullable() && !type.isNullable()) {
      problems.add(
          "column %s is NOT NULL, but the result schema lets it be null; remove NOT NULL"
              .formatted(path));
    }
    value(path, type, Unions.withoutNull(schema));
  }

  private void value(String path, LogicalType type, Schema schema) {
    if (type instanceof RowType row && schema.getType() == Schema.Type.RECORD) {
      record(path, row, schema);
    } else if (type instanceof ArrayType array && schema.getType() == Schema.Type.ARRAY) {
      value(path, array.getElementType(), Unions.withoutNull(schema.getElementType()));
    } else if (!holds(type, schema)) {
      problems.add(
          "column %s is %s, but the result schema says %s; it needs %s"
              .formatted(path, type.asSummaryString(), described(schema), needed(schema)));
    }
  }

  private static boolean holds(LogicalType type, Schema schema) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR ->
          schema.getType() == Schema.Type.STRING || schema.getType() == Schema.Type.ENUM;
      case BOOLEAN -> schema.getType() == Schema.Type.BOOLEAN;
      case INTEGER -> schema.getType() == Schema.Type.INT && schema.getLogicalType() == null;
      case BIGINT ->
          (schema.getType() == Schema.Type.LONG || schema.getType() == Schema.Type.INT)
              && schema.getLogicalType() == null;
      case FLOAT -> schema.getType() == Schema.Type.FLOAT;
      case DOUBLE ->
          schema.getType() == Schema.Type.DOUBLE || schema.getType() == Schema.Type.FLOAT;
      case DECIMAL ->
          schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
              && decimal.getPrecision() == ((DecimalType) type).getPrecision()
              && decimal.getScale() == ((DecimalType) type).getScale();
      case DATE -> schema.getLogicalType() instanceof LogicalTypes.Date;
      case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          schema.getLogicalType() instanceof LogicalTypes.TimestampMillis;
      default -> false;
    };
  }

  private static String needed(Schema schema) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return "DECIMAL(%d, %d)".formatted(decimal.getPrecision(), decimal.getScale());
    }
    if (schema.getLogicalType() instanceof LogicalTypes.Date) {
      return "DATE";
    }
    if (schema.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
      return "TIMESTAMP(3) or TIMESTAMP_LTZ(3)";
    }
    return switch (schema.getType()) {
      case STRING, ENUM -> "STRING";
      case INT -> "INT";
      case LONG -> "BIGINT";
      case ARRAY -> "ARRAY";
      case RECORD -> "ROW";
      default -> schema.getType().name();
    };
  }

  private static String described(Schema schema) {
    return schema.getLogicalType() == null
        ? schema.getType().getName()
        : schema.getLogicalType().getName();
  }
}
