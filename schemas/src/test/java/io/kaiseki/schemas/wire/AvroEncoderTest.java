package io.kaiseki.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Arrays;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class AvroEncoderTest {

  private static final Schema NOTE =
      SchemaBuilder.record("com.acme.Note").fields().optionalString("text").endRecord();

  private final AvroEncoder encoder = new AvroEncoder(0x01020304, NOTE);

  @Test
  void a_message_starts_with_zero_and_the_id_big_end_first() {
    assertThat(encoder.encode(note("a"))).containsExactly(0, 1, 2, 3, 4, 2, 2, 'a');
  }

  @Test
  void null_stays_a_tombstone() {
    assertThat(encoder.encode(null)).isNull();
  }

  @Test
  void messages_do_not_share_memory() {
    byte[] first = encoder.encode(note("first"));
    byte[] copy = first.clone();
    encoder.encode(note("second and longer"));
    assertThat(first).isEqualTo(copy);
  }

  @Test
  void a_huge_record_is_followed_by_small_ones() {
    encoder.encode(note("x".repeat(3_000_000)));
    assertThat(encoder.encode(note("a"))).hasSize(8);
  }

  @Test
  void a_record_that_does_not_fit_is_refused_without_its_text_and_spoils_nothing() {
    GenericRecord wrong = new GenericData.Record(NOTE);
    wrong.put("text", Arrays.asList("confidential"));
    assertThatThrownBy(() -> encoder.encode(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("com.acme.Note")
        .hasMessageNotContaining("confidential")
        .hasNoCause();
    assertThat(encoder.encode(note("a"))).containsExactly(0, 1, 2, 3, 4, 2, 2, 'a');
  }

  @Test
  void dates_and_decimals_are_taken_as_java_values_and_as_raw_ones() {
    Schema date = LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
    Schema amount = LogicalTypes.decimal(9, 2).addToSchema(Schema.create(Schema.Type.BYTES));
    Schema invoice =
        SchemaBuilder.record("com.acme.Invoice")
            .fields()
            .name("due")
            .type(date)
            .noDefault()
            .name("amount")
            .type()
            .unionOf()
            .nullType()
            .and()
            .type(amount)
            .endUnion()
            .noDefault()
            .endRecord();
    GenericRecord typed = new GenericData.Record(invoice);
    typed.put("due", LocalDate.of(1970, 1, 3));
    typed.put("amount", new BigDecimal("1.25"));
    GenericRecord raw = new GenericData.Record(invoice);
    raw.put("due", 2);
    raw.put("amount", ByteBuffer.wrap(new byte[] {125}));

    AvroEncoder invoices = new AvroEncoder(1, invoice);

    assertThat(invoices.encode(typed)).containsExactly(0, 0, 0, 0, 1, 4, 2, 2, 125);
    assertThat(invoices.encode(raw)).isEqualTo(invoices.encode(typed));
  }

  private static GenericRecord note(String text) {
    GenericRecord note = new GenericData.Record(NOTE);
    note.put("text", text);
    return note;
  }
}
