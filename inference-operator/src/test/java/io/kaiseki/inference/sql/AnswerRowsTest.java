package io.kaiseki.inference.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import java.util.List;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.RowType;
import org.junit.jupiter.api.Test;

class AnswerRowsTest {

  @Test
  void a_float_is_the_same_number_in_a_column_of_type_double() {
    GenericRecord answer =
        new GenericData.Record(
            SchemaBuilder.record("R").fields().requiredFloat("a").requiredDouble("b").endRecord());
    answer.put("a", 0.7f);
    answer.put("b", 0.1 + 0.2);
    RowType columns =
        RowType.of(new DoubleType[] {new DoubleType(), new DoubleType()}, new String[] {"a", "b"});
    int none = OutputColumns.NONE;

    RowData row =
        new AnswerRows(new OutputColumns(columns, none, none, none)).answered(completion(answer));

    assertThat(row.getDouble(0)).isEqualTo(0.7);
    assertThat(row.getDouble(1)).isEqualTo(0.1 + 0.2);
  }

  private static Completion completion(GenericRecord answer) {
    return new Completion(
        answer,
        List.of(),
        null,
        TokenUsage.NONE,
        FinishReason.COMPLETE,
        new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }
}
