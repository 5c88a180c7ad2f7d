package io.kaiseki.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.RegistryStub;
import io.kaiseki.schemas.registry.RegistryUnavailableException;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.Decoded.Reason;
import io.kaiseki.schemas.wire.Decoded.Undecodable;
import io.kaiseki.schemas.wire.Decoded.Value;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroDecoderTest {

  private static final String URL = "mock://decoder-test";
  private static final String MARKER = "confidential";

  private SchemaRegistryClient client;
  private RegisteredSchemas schemas;

  @BeforeEach
  void connect() {
    client = RegistrySettings.of(URL).connect();
    schemas = new RegisteredSchemas(client, URL);
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
  }

  @Test
  void a_generated_record_comes_back_equal() {
    Document document = document();
    byte[] message =
        new AvroEncoder(register(document.getSchema()), document.getSchema()).encode(document);
    assertThat(documents().decode(message))
        .isEqualTo(new Value<>(document, register(document.getSchema())));
  }

  @Test
  void a_generated_record_reads_as_a_generic_one_with_plain_strings() {
    GenericRecord record = value(AvroDecoder.generic(schemas).decode(encoded(document())));
    assertThat(record.get("body")).isEqualTo("Where is my order? " + MARKER + " 😀");
    assertThat(record.get("attributes")).isEqualTo(Map.of("channel", "mail"));
    assertThat(record.get("receivedAt")).isEqualTo(1_700_000_000_000L);
  }

  @Test
  void a_document_written_before_a_field_existed_reads_with_its_default() {
    Schema old =
        SchemaBuilder.record("io.kaiseki.schemas.Document")
            .fields()
            .requiredString("id")
            .requiredString("body")
            .name("receivedAt")
            .type(Document.getClassSchema().getField("receivedAt").schema())
            .noDefault()
            .endRecord();
    GenericRecord written = new GenericData.Record(old);
    written.put("id", "d-1");
    written.put("body", "text");
    written.put("receivedAt", Instant.EPOCH);

    Document read = value(documents().decode(encoded(written)));

    assertThat(read.getKind()).isEqualTo("text");
    assertThat(read.getTitle()).isNull();
    assertThat(read.getReceivedAt()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void a_generic_record_resolves_to_the_reader_s_schema() {
    Schema reader =
        SchemaBuilder.record("io.kaiseki.schemas.Document")
            .fields()
            .requiredString("id")
            .optionalString("mood")
            .endRecord();
    GenericRecord record = value(AvroDecoder.generic(schemas, reader).decode(encoded(document())));
    assertThat(record.getSchema()).isEqualTo(reader);
    assertThat(record.get("mood")).isNull();
  }

  @Test
  void a_missing_value_is_told_apart_from_bytes() {
    assertThat(reasonFor(null)).isEqualTo(Reason.NO_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"id\":1}", "x", "\u0001abcdefg"})
  void bytes_without_the_magic_zero_are_another_format(String text) {
    assertThat(reasonFor(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Reason.BAD_MAGIC);
  }

  @Test
  void a_message_cut_anywhere_is_truncated_and_never_an_exception() {
    byte[] message = encoded(document());
    for (int length = 0; length < message.length; length++) {
      assertThat(reasonFor(Arrays.copyOf(message, length)))
          .as("cut to %d of %d bytes", length, message.length)
          .isEqualTo(Reason.TRUNCATED);
    }
  }

  @Test
  void an_id_that_nobody_registered_is_an_unknown_schema() {
    assertThat(reasonFor(new byte[] {0, 0x7f, 0, 0, 1, 2})).isEqualTo(Reason.SCHEMA_UNKNOWN);
  }

  @Test
  void bytes_after_the_record_are_refused() {
    byte[] message = encoded(document());
    assertThat(reasonFor(Arrays.copyOf(message, message.length + 1)))
        .isEqualTo(Reason.TRAILING_BYTES);
  }

  @Test
  void a_record_of_another_schema_is_incompatible() {
    Schema other =
        SchemaBuilder.record("com.acme.Invoice").fields().requiredInt("total").endRecord();
    GenericRecord invoice = new GenericData.Record(other);
    invoice.put("total", 12);
    assertThat(reasonFor(encoded(invoice))).isEqualTo(Reason.INCOMPATIBLE);
  }

  @Test
  void an_outage_of_the_registry_is_thrown_and_is_not_the_message_s_fault() throws Exception {
    byte[] message = encoded(document());
    RegistryStub stub = RegistryStub.start();
    stub.close();
    try (SchemaRegistryClient down = RegistrySettings.of(stub.url()).connect()) {
      AvroDecoder<Document> decoder =
          AvroDecoder.specific(new RegisteredSchemas(down, stub.url()), Document.class);
      assertThatThrownBy(() -> decoder.decode(message))
          .isInstanceOf(RegistryUnavailableException.class);
    }
  }

  @Test
  void a_message_whose_schema_s_references_are_in_an_outage_decodes_after_it() throws Exception {
    String reference = "GET /subjects/part/versions/1";
    String part = "{\"type\":\"record\",\"name\":\"Part\",\"fields\":[]}".replace("\"", "\\\"");
    try (RegistryStub stub =
            RegistryStub.start()
                .reply(
                    "GET /schemas/ids/7",
                    200,
                    "{\"schema\":\"\\\"Part\\\"\",\"references\":"
                        + "[{\"name\":\"Part\",\"subject\":\"part\",\"version\":1}]}")
                .reply(reference, 503, "<html>no backend</html>");
        SchemaRegistryClient http = RegistrySettings.of(stub.url()).connect()) {
      AvroDecoder<GenericRecord> decoder =
          AvroDecoder.generic(new RegisteredSchemas(http, stub.url()));
      byte[] message = {0, 0, 0, 0, 7};
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> decoder.decode(message))
            .isInstanceOf(RegistryUnavailableException.class);
      }

      stub.reply(
          reference,
          200,
          "{\"subject\":\"part\",\"version\":1,\"id\":3,\"schema\":\"" + part + "\"}");

      assertThat(value(decoder.decode(message)).getSchema().getName()).isEqualTo("Part");
    }
  }

  @Test
  void a_schema_is_asked_for_once_and_an_unknown_one_each_time() throws Exception {
    try (RegistryStub stub =
            RegistryStub.start().schema(7, "{\"type\":\"record\",\"name\":\"E\",\"fields\":[]}");
        SchemaRegistryClient http = RegistrySettings.of(stub.url()).connect()) {
      AvroDecoder<GenericRecord> decoder =
          AvroDecoder.generic(new RegisteredSchemas(http, stub.url()));
      for (int i = 0; i < 3; i++) {
        decoder.decode(new byte[] {0, 0, 0, 0, 7});
        decoder.decode(new byte[] {0, 0, 0, 0, 8});
      }
      assertThat(stub.calls())
          .extracting(RegistryStub.Call::target)
          .containsOnlyOnce("GET /schemas/ids/7")
          .filteredOn("GET /schemas/ids/8"::equals)
          .hasSize(3);
    }
  }

  @Test
  void random_bytes_after_a_valid_header_are_a_record_or_undecodable_and_nothing_else() {
    Random random = new Random(20261123);
    AvroDecoder<Document> decoder = documents();
    byte[] header = Arrays.copyOf(encoded(document()), WireFormat.HEADER_BYTES);
    for (int i = 0; i < 20_000; i++) {
      byte[] message = new byte[header.length + random.nextInt(64)];
      random.nextBytes(message);
      System.arraycopy(header, 0, message, 0, header.length);
      assertThat(decoder.decode(message)).isNotNull();
    }
  }

  @Test
  void reasons_never_quote_the_message() {
    byte[] message = encoded(document());
    for (int position = WireFormat.HEADER_BYTES; position < message.length; position++) {
      byte[] damaged = message.clone();
      damaged[position] ^= (byte) 0x81;
      if (documents().decode(damaged) instanceof Undecodable<Document> undecodable) {
        assertThat(undecodable.message()).doesNotContain(MARKER);
      }
    }
  }

  /** What a hostile length can stand in front of. */
  enum Bomb {
    STRING(Schema.create(Schema.Type.STRING)),
    BYTES(Schema.create(Schema.Type.BYTES)),
    ARRAY_OF_NULLS(Schema.createArray(Schema.create(Schema.Type.NULL))),
    ARRAY_OF_STRINGS(Schema.createArray(Schema.create(Schema.Type.STRING))),
    MAP(Schema.createMap(Schema.create(Schema.Type.LONG)));

    private final Schema type;

    Bomb(Schema type) {
      this.type = type;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_huge_declared_length_costs_no_memory(Bomb bomb) throws Exception {
    int id = register(recordOf(bomb.type));
    AvroDecoder<GenericRecord> decoder = AvroDecoder.generic(schemas);
    byte[] message = lengthOnly(id, Integer.MAX_VALUE - 8L);
    decoder.decode(message);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    Decoded<GenericRecord> decoded = decoder.decode(message);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(decoded).isInstanceOf(Undecodable.class);
    assertThat(allocated).isLessThan(1 << 20);
  }

  @ParameterizedTest
  @EnumSource
  void a_negative_or_overflowing_length_is_undecodable(Bomb bomb) throws Exception {
    int id = register(recordOf(bomb.type));
    AvroDecoder<GenericRecord> decoder = AvroDecoder.generic(schemas);
    for (long length : new long[] {-1, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThat(decoder.decode(lengthOnly(id, length))).isInstanceOf(Undecodable.class);
    }
  }

  @Test
  void many_blocks_of_items_without_bytes_do_not_add_up_to_a_bomb() throws Exception {
    int id = register(recordOf(Bomb.ARRAY_OF_NULLS.type));
    ByteArrayOutputStream message = header(id);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(message, null);
    for (int block = 0; block < 1_000; block++) {
      encoder.writeLong(500);
    }
    encoder.writeLong(0);
    assertThat(AvroDecoder.generic(schemas).decode(message.toByteArray()))
        .isInstanceOf(Undecodable.class);
  }

  @Test
  void endless_nesting_under_a_recursive_schema_is_undecodable() {
    Schema list =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"Node\",\"fields\":"
                    + "[{\"name\":\"next\",\"type\":[\"null\",\"Node\"]}]}");
    byte[] message = new byte[2_000_000];
    Arrays.fill(message, (byte) 2);
    byte[] header = header(register(list)).toByteArray();
    System.arraycopy(header, 0, message, 0, header.length);
    assertThat(AvroDecoder.generic(schemas).decode(message))
        .isInstanceOfSatisfying(
            Undecodable.class, u -> assertThat(u.reason()).isEqualTo(Reason.MALFORMED));
  }

  private AvroDecoder<Document> documents() {
    return AvroDecoder.specific(schemas, Document.class);
  }

  private Reason reasonFor(byte[] message) {
    Decoded<Document> decoded = documents().decode(message);
    assertThat(decoded).isInstanceOf(Undecodable.class);
    return ((Undecodable<Document>) decoded).reason();
  }

  private int register(Schema schema) {
    return new SchemaRegistration(client, URL)
        .ensureRegistered(schema.getFullName() + schema.hashCode(), schema, true);
  }

  private byte[] encoded(IndexedRecord record) {
    return new AvroEncoder(register(record.getSchema()), record.getSchema()).encode(record);
  }

  private static <T> T value(Decoded<T> decoded) {
    assertThat(decoded).isInstanceOf(Value.class);
    return ((Value<T>) decoded).record();
  }

  private static Document document() {
    return Document.newBuilder()
        .setId("d-1")
        .setKind("ticket")
        .setTitle("Order")
        .setBody("Where is my order? " + MARKER + " 😀")
        .setReceivedAt(Instant.ofEpochMilli(1_700_000_000_000L))
        .setAttributes(Map.of("channel", "mail"))
        .build();
  }

  private static Schema recordOf(Schema type) {
    return SchemaBuilder.record("Bomb").fields().name("field").type(type).noDefault().endRecord();
  }

  private static byte[] lengthOnly(int schemaId, long length) throws Exception {
    ByteArrayOutputStream message = header(schemaId);
    EncoderFactory.get().directBinaryEncoder(message, null).writeLong(length);
    return message.toByteArray();
  }

  private static ByteArrayOutputStream header(int schemaId) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.write(0);
    message.writeBytes(ByteBuffer.allocate(4).putInt(schemaId).array());
    return message;
  }
}
