package io.kaiseki.schemas.avro;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class UnionsTest {

  private static final Schema NULL = Schema.create(Schema.Type.NULL);
  private static final Schema TEXT = Schema.create(Schema.Type.STRING);
  private static final Schema WHOLE = Schema.create(Schema.Type.LONG);

  @Test
  void the_type_beside_null_is_found_wherever_null_stands() {
    assertThat(Unions.withoutNull(Schema.createUnion(NULL, TEXT))).isEqualTo(TEXT);
    assertThat(Unions.withoutNull(Schema.createUnion(TEXT, NULL))).isEqualTo(TEXT);
  }

  @Test
  void what_is_no_union_of_null_and_one_type_stays_as_it_is() {
    Schema several = Schema.createUnion(NULL, TEXT, WHOLE);

    assertThat(Unions.withoutNull(TEXT)).isEqualTo(TEXT);
    assertThat(Unions.withoutNull(several)).isEqualTo(several);
  }
}
