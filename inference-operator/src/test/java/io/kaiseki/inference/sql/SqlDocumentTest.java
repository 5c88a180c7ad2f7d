package io.kaiseki.inference.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.junit.jupiter.api.Test;

class SqlDocumentTest {

  @Test
  void a_text_without_an_id_has_the_same_one_in_every_release() {
    GenericRowData row = GenericRowData.of(StringData.fromString("Größe 🙂"));

    assertThat(SqlDocument.of(row, 0, OutputColumns.NONE))
        .isEqualTo(new SqlDocument("sha256-e720bc67ce1a7a9b", "Größe 🙂"));
  }
}
