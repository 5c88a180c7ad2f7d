package io.kaiseki.inference.sql;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.Outcome;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/** Outcomes as rows of Flink's internal data structures. */
final class AnswerRows {

  private final OutputColumns columns;

  AnswerRows(OutputColumns columns) {
    this.columns = columns;
  }

  /** An answer, with what goes beside it. */
  RowData answered(Completion completion) {
    GenericRowData row = row(columns.all(), completion.answer(), columns);
    if (columns.confidence() != OutputColumns.NONE) {
      Map<StringData, Double> confidences = new LinkedHashMap<>();
      for (FieldConfidence confidence : completion.confidences()) {
        confidences.put(StringData.fromString(confidence.field()), confidence.probability());
      }
      row.setField(columns.confidence(), new GenericMapData(confidences));
    }
    if (columns.reasoning() != OutputColumns.NONE && completion.reasoning() != null) {
      row.setField(columns.reasoning(), StringData.fromString(completion.reasoning()));
    }
    return row;
  }

  /** No answer, but the reason. */
  RowData failed(Outcome.Failed failed) {
    GenericRowData row = new GenericRowData(columns.all().getFieldCount());
    row.setField(
        columns.error(), StringData.fromString(failed.reason().name() + ": " + failed.message()));
    return row;
  }

  /** Columns that are no part of the record stay null. */
  private static GenericRowData row(
      RowType type, IndexedRecord record, @Nullable OutputColumns output) {
    GenericRowData row = new GenericRowData(type.getFieldCount());
    for (int position = 0; position < type.getFieldCount(); position++) {
      if (output == null || output.answers(position)) {
        RowType.RowField column = type.getFields().get(position);
        Object value = record.get(record.getSchema().getField(column.getName()).pos());
        row.setField(position, value == null ? null : value(column.getType(), value));
      }
    }
    return row;
  }

  private static Object value(LogicalType type, Object value) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> StringData.fromString(value.toString());
      case TINYINT -> ((Number) value).byteValue();
      case SMALLINT -> ((Number) value).shortValue();
      case BIGINT -> ((Number) value).longValue();
      // By its digits: 0.7 of a float is another number in more bits.
      case DOUBLE -> Double.parseDouble(value.toString());
      case DECIMAL ->
          DecimalData.fromUnscaledBytes(
              bytes(value), ((DecimalType) type).getPrecision(), ((DecimalType) type).getScale());
      case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          TimestampData.fromEpochMillis((Long) value);
      case ARRAY ->
          new GenericArrayData(
              ((Collection<?>) value)
                  .stream()
                      .map(item -> value(((ArrayType) type).getElementType(), item))
                      .toArray());
      case ROW -> row((RowType) type, (IndexedRecord) value, null);
      default -> value;
    };
  }

  private static byte[] bytes(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
