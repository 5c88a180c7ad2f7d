package io.kaiseki.inference.sql;

import java.io.Serializable;
import org.apache.flink.table.types.logical.RowType;

/**
 * Where what stands in the rows that come out.
 *
 * @param all all columns, in the order of the model's output
 * @param error position of the column for errors; {@link #NONE} where there is none
 * @param confidence position of the column for confidences, or {@link #NONE}
 * @param reasoning position of the column for the reasoning, or {@link #NONE}
 */
record OutputColumns(RowType all, int error, int confidence, int reasoning)
    implements Serializable {

  static final int NONE = -1;

  /** Whether a column holds a part of the answer. */
  boolean answers(int position) {
    return position != error && position != confidence && position != reasoning;
  }

  /** The columns that are the contract. */
  RowType answer() {
    return new RowType(
        false,
        all.getFields().stream()
            .filter(field -> answers(all.getFieldIndex(field.getName())))
            .toList());
  }
}
