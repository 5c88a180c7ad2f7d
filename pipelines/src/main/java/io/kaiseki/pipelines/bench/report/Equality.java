package io.kaiseki.pipelines.bench.report;

import io.kaiseki.inference.contract.AnswerType;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * How far the answers of two arms are the same.
 *
 * @param documents documents compared
 * @param equal documents whose answers are the same in every field
 * @param closedFields closed fields (enums and booleans) compared
 * @param closedEqual closed fields with the same label
 * @param broken answers of the second arm that break the contract
 */
public record Equality(int documents, int equal, int closedFields, int closedEqual, int broken) {

  /** Compares answers of the same documents. */
  public static Equality of(
      AnswerType.Composite type,
      List<@Nullable GenericRecord> one,
      List<@Nullable GenericRecord> other) {
    Count count = new Count();
    int equal = 0;
    int broken = 0;
    for (int i = 0; i < one.size(); i++) {
      GenericRecord left = one.get(i);
      GenericRecord right = other.get(i);
      equal += left != null && left.equals(right) ? 1 : 0;
      broken += right == null ? 1 : 0;
      count.record(type, left, right);
    }
    return new Equality(one.size(), equal, count.fields, count.same, broken);
  }

  /** The part of the closed fields that have the same label; 1 where there are none. */
  public double closedShare() {
    return closedFields == 0 ? 1 : (double) closedEqual / closedFields;
  }

  /** Counts closed fields through nested values. What is not there equals nothing. */
  private static final class Count {
    private static final Object ABSENT_LEFT = new Object();
    private static final Object ABSENT_RIGHT = new Object();

    private int fields;
    private int same;

    void record(
        AnswerType.Composite type, @Nullable GenericRecord left, @Nullable GenericRecord right) {
      for (AnswerType.Field field : type.fields()) {
        value(
            field.type(),
            left == null ? ABSENT_LEFT : left.get(field.name()),
            right == null ? ABSENT_RIGHT : right.get(field.name()));
      }
    }

    private void value(AnswerType type, @Nullable Object left, @Nullable Object right) {
      if (type.closed()) {
        fields++;
        same += Objects.equals(left, right) ? 1 : 0;
      } else if (type instanceof AnswerType.Composite composite) {
        record(
            composite,
            left instanceof GenericRecord record ? record : null,
            right instanceof GenericRecord record ? record : null);
      } else if (type instanceof AnswerType.Nullable nullable) {
        if (left != null || right != null) {
          value(nullable.type(), left, right);
        }
      } else if (type instanceof AnswerType.Items items) {
        List<?> lefts = left instanceof List<?> list ? list : List.of();
        List<?> rights = right instanceof List<?> list ? list : List.of();
        for (int i = 0; i < Math.max(lefts.size(), rights.size()); i++) {
          value(
              items.type(),
              i < lefts.size() ? lefts.get(i) : ABSENT_LEFT,
              i < rights.size() ? rights.get(i) : ABSENT_RIGHT);
        }
      }
    }
  }
}
