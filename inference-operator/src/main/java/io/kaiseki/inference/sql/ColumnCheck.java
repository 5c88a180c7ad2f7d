package io.kaiseki.inference.sql;

import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.schemas.avro.Unions;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/** Whether columns can hold what an Avro schema describes. Fields without a column are left out. */
final class ColumnCheck {

  private final List<String> problems;

  private ColumnCheck(List<String> problems) {
    this.problems = problems;
  }

  static void check(RowType columns, Contract contract, List<String> problems) {
    new ColumnCheck(problems).record("", columns, contract.schema(), contract.type());
  }

  private void record(String parent, RowType row, Schema schema, AnswerType.Composite answer) {
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
        field(path, column.getType(), field.schema(), answer.fields().get(field.pos()).type());
      }
    }
  }

  private void field(String path, LogicalType type, Schema schema, AnswerType answer) {
    if (schema.isNullable() && !type.isNullable()) {
      problems.add(
          "column %s is NOT NULL, but the result schema lets it be null; remove NOT NULL"
              .formatted(path));
    }
    value(
        path,
        type,
        Unions.withoutNull(schema),
        answer instanceof AnswerType.Nullable nullable ? nullable.type() : answer);
  }

  private void value(String path, LogicalType type, Schema schema, AnswerType answer) {
    if (type instanceof RowType row && answer instanceof AnswerType.Composite composite) {
      record(path, row, schema, composite);
    } else if (type instanceof ArrayType array && answer instanceof AnswerType.Items items) {
      Schema item = Unions.withoutNull(schema.getElementType());
      value(path, array.getElementType(), item, items.type());
    } else if (!holds(type, schema)) {
      problems.add(
          "column %s is %s, but the result schema says %s; it needs %s"
              .formatted(path, type.asSummaryString(), described(schema), needed(schema)));
    } else if (type.is(LogicalTypeFamily.CHARACTER_STRING)
        && longest(answer) > LogicalTypeChecks.getLength(type)) {
      problems.add(
          "column %s is %s, but the result schema lets it have %d characters; it needs STRING"
              .formatted(path, type.asSummaryString(), longest(answer)));
    }
  }

  private static int longest(AnswerType answer) {
    if (answer instanceof AnswerType.Text text) {
      return text.maxLength();
    }
    if (answer instanceof AnswerType.Quote quote) {
      return quote.maxLength();
    }
    return answer instanceof AnswerType.Enumeration enumeration
        ? enumeration.symbols().stream().mapToInt(String::length).max().orElse(0)
        : 0;
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
