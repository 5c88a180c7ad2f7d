package io.kaiseki.inference.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.contract.GeneratedAnswer;
import io.kaiseki.schemas.Document;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** A generated record with a moment, a map and fields that may be null stands for all of them. */
class GeneratedRecordSerializerTest {

  private static final Document DOCUMENT =
      Document.newBuilder()
          .setId("d1")
          .setBody("a\u0000b 😀")
          .setReceivedAt(Instant.parse("2026-02-03T04:05:06.789Z"))
          .setAttributes(Map.of("channel", "mail"))
          .build();

  private final TypeSerializer<Document> serializer =
      GeneratedRecordTypeInfo.forClass(Document.class).createSerializer(new SerializerConfigImpl());

  @Test
  void a_record_comes_back_as_it_went() throws Exception {
    var travelled = InstantiationUtil.clone(serializer);

    assertThat(read(travelled, written(serializer))).isEqualTo(DOCUMENT);
    assertThat(serializer.copy(DOCUMENT)).isEqualTo(DOCUMENT).isNotSameAs(DOCUMENT);
    assertThat(serializer.duplicate()).isEqualTo(serializer);
  }

  @Test
  void bytes_are_copied_without_being_read() throws IOException {
    var out = new ByteArrayOutputStream();
    serializer.copy(
        new DataInputViewStreamWrapper(new ByteArrayInputStream(written(serializer))),
        new DataOutputViewStreamWrapper(out));

    assertThat(out.toByteArray()).isEqualTo(written(serializer));
  }

  @Test
  void a_savepoint_restores_it() throws IOException {
    var out = new ByteArrayOutputStream();
    TypeSerializerSnapshot.writeVersionedSnapshot(
        new DataOutputViewStreamWrapper(out), serializer.snapshotConfiguration());
    TypeSerializerSnapshot<Document> restored =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputViewStreamWrapper(new ByteArrayInputStream(out.toByteArray())),
            getClass().getClassLoader());

    assertThat(
            serializer
                .snapshotConfiguration()
                .resolveSchemaCompatibility(restored)
                .isCompatibleAsIs())
        .isTrue();
    assertThat(read(restored.restoreSerializer(), written(serializer))).isEqualTo(DOCUMENT);
  }

  @Test
  void a_schema_that_avro_resolves_is_migrated_and_another_one_is_refused() {
    Schema older =
        SchemaBuilder.record("Document")
            .namespace("io.kaiseki.schemas")
            .fields()
            .requiredString("id")
            .requiredString("body")
            .requiredLong("receivedAt")
            .endRecord();
    Schema other =
        SchemaBuilder.record("Document")
            .namespace("io.kaiseki.schemas")
            .fields()
            .requiredString("id")
            .endRecord();

    assertThat(compatibility(older).isCompatibleAfterMigration()).isTrue();
    assertThat(compatibility(other).isIncompatible()).isTrue();
  }

  @Test
  void an_answer_becomes_its_class_and_one_of_another_schema_is_refused() {
    GenericRecord answer = new GenericData.Record(Document.getClassSchema());
    answer.put("id", "d1");
    answer.put("kind", "text");
    answer.put("body", "a\u0000b 😀");
    answer.put("receivedAt", Instant.parse("2026-02-03T04:05:06.789Z").toEpochMilli());
    answer.put("attributes", Map.of("channel", "mail"));

    assertThat(GeneratedAnswer.of(answer, Document.class)).isEqualTo(DOCUMENT);
    assertThatThrownBy(() -> GeneratedAnswer.of(Completions.answer("no light"), Document.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test.Triage can't be read as io.kaiseki.schemas.Document");
  }

  private TypeSerializerSchemaCompatibility<Document> compatibility(Schema older) {
    return serializer
        .snapshotConfiguration()
        .resolveSchemaCompatibility(
            new GeneratedRecordSerializer<>(Document.class, older.toString())
                .snapshotConfiguration());
  }

  private static byte[] written(TypeSerializer<Document> serializer) throws IOException {
    var out = new ByteArrayOutputStream();
    serializer.serialize(DOCUMENT, new DataOutputViewStreamWrapper(out));
    return out.toByteArray();
  }

  private static Document read(TypeSerializer<Document> serializer, byte[] bytes)
      throws IOException {
    return serializer.deserialize(new DataInputViewStreamWrapper(new ByteArrayInputStream(bytes)));
  }
}
