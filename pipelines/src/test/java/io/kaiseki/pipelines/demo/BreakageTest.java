package io.kaiseki.pipelines.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.FailureReason;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakageTest {

  private static final int SCHEMA_ID = 42;
  private static final Schema SCHEMA =
      SchemaBuilder.record("Document")
          .fields()
          .requiredString("id")
          .requiredString("body")
          .name("attributes")
          .type()
          .map()
          .values()
          .stringType()
          .noDefault()
          .endRecord();

  private byte[] valid;

  @BeforeEach
  void encode_a_record() throws IOException {
    GenericRecord document =
        new GenericRecordBuilder(SCHEMA)
            .set("id", "T-0001")
            .set("body", "My line is dead.")
            .set("attributes", Map.of("channel", "web"))
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(SCHEMA_ID).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(SCHEMA).write(document, encoder);
    encoder.flush();
    valid = out.toByteArray();
  }

  @Test
  void every_breakage_changes_the_bytes_and_leaves_the_original_alone() {
    byte[] copy = valid.clone();

    assertThat(SampleTickets.broken(valid))
        .hasSize(Breakage.values().length)
        .allSatisfy(payload -> assertThat(payload.value()).isNotEqualTo(copy));
    assertThat(valid).isEqualTo(copy);
  }

  @Test
  void only_the_unknown_schema_is_the_registrys_word() {
    assertThat(SampleTickets.broken(valid))
        .allSatisfy(
            payload ->
                assertThat(payload.expected())
                    .isEqualTo(
                        payload.breakage() == Breakage.UNKNOWN_SCHEMA_ID
                            ? FailureReason.SCHEMA_UNKNOWN
                            : FailureReason.UNDECODABLE));
  }

  @Test
  void text_and_a_bad_magic_byte_do_not_start_with_zero() {
    assertThat(Breakage.BAD_MAGIC_BYTE.applyTo(valid).value()[0]).isNotZero();
    assertThat(Breakage.JSON_INSTEAD_OF_AVRO.applyTo(valid).value()[0]).isNotZero();
    assertThat(Breakage.EMPTY_VALUE.applyTo(valid).value()).isEmpty();
  }

  @Test
  void an_unknown_schema_id_is_all_that_differs() {
    byte[] broken = Breakage.UNKNOWN_SCHEMA_ID.applyTo(valid).value();

    assertThat(broken).hasSameSizeAs(valid);
    assertThat(ByteBuffer.wrap(broken).getInt(1)).isPositive().isNotEqualTo(SCHEMA_ID);
    assertThat(Arrays.copyOfRange(broken, 5, broken.length))
        .isEqualTo(Arrays.copyOfRange(valid, 5, valid.length));
  }

  @Test
  void a_truncated_record_ends_before_avro_is_done() {
    byte[] broken = Breakage.TRUNCATED.applyTo(valid).value();

    assertThatThrownBy(() -> decode(broken)).isInstanceOf(EOFException.class);
  }

  @Test
  void a_length_bomb_claims_two_billion_bytes() throws IOException {
    byte[] broken = Breakage.LENGTH_BOMB.applyTo(valid).value();

    long claimed =
        DecoderFactory.get().binaryDecoder(broken, 5, broken.length - 5, null).readLong();
    assertThat(claimed).isEqualTo(2_000_000_000L);
    assertThat(broken.length).isLessThan(20);
  }

  @Test
  void what_is_broken_already_is_refused() {
    assertThatThrownBy(() -> Breakage.TRUNCATED.applyTo(new byte[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 bytes");
  }

  private static GenericRecord decode(byte[] value) throws IOException {
    return new GenericDatumReader<GenericRecord>(SCHEMA)
        .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
  }
}
