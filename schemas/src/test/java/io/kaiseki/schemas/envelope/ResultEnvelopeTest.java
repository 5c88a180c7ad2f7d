package io.kaiseki.schemas.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.schemas.EngineSettings;
import io.kaiseki.schemas.FieldConfidence;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.Timings;
import io.kaiseki.schemas.TokenUsage;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.AvroEncoder;
import io.kaiseki.schemas.wire.Decoded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class ResultEnvelopeTest {

  private static final Schema TRIAGE =
      SchemaBuilder.record("com.acme.Triage")
          .fields()
          .name("category")
          .type()
          .enumeration("Category")
          .symbols("BILLING", "TECHNICAL")
          .noDefault()
          .requiredString("summary")
          .endRecord();

  @Test
  void the_envelope_is_named_after_the_answer() {
    Schema schema = ResultEnvelope.of("ticket-triage", TRIAGE).schema();
    assertThat(schema.getFullName()).isEqualTo("com.acme.TriageResult");
    assertThat(schema.getField("answer").schema()).isEqualTo(TRIAGE);
    assertThat(schema.toString()).doesNotContain("avro.java.string");
  }

  @Test
  void a_consumer_with_nothing_but_the_registry_reads_it_whole() throws Exception {
    String url = "mock://envelope-test";
    ResultEnvelope envelope = ResultEnvelope.of("ticket-triage", TRIAGE);
    Result result = result("I thought about it.");
    try (SchemaRegistryClient client = RegistrySettings.of(url).connect()) {
      int id =
          new SchemaRegistration(client, url)
              .ensureRegistered("results-value", envelope.schema(), true);
      byte[] message = new AvroEncoder(id, envelope.schema()).encode(envelope.seal(result));

      Decoded<GenericRecord> decoded =
          AvroDecoder.generic(new RegisteredSchemas(client, url)).decode(message);

      GenericRecord read = ((Decoded.Value<GenericRecord>) decoded).record();
      assertThat(read.getSchema()).isEqualTo(envelope.schema());
      assertThat(ResultEnvelope.open(read)).isEqualTo(result);
    }
  }

  @Test
  void a_sealed_result_opens_without_having_been_written() {
    Result result = result(null);
    assertThat(ResultEnvelope.open(ResultEnvelope.of("ticket-triage", TRIAGE).seal(result)))
        .isEqualTo(result);
  }

  @Test
  void an_envelope_travels_in_a_job_graph() throws Exception {
    ResultEnvelope envelope = ResultEnvelope.of("ticket-triage", TRIAGE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(envelope);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((ResultEnvelope) in.readObject()).schema()).isEqualTo(envelope.schema());
    }
  }

  @Test
  void an_answer_without_a_namespace_keeps_its_names() {
    Schema plain =
        SchemaBuilder.record("Plain")
            .fields()
            .name("inner")
            .type(SchemaBuilder.record("Inner").fields().requiredInt("n").endRecord())
            .noDefault()
            .endRecord();
    Schema schema = ResultEnvelope.of("plain", plain).schema();
    assertThat(schema.getFullName()).isEqualTo("PlainResult");
    assertThat(new Schema.Parser().parse(schema.toString())).isEqualTo(schema);
  }

  @Test
  void a_new_optional_field_of_the_answer_keeps_envelopes_compatible() {
    Schema extended =
        SchemaBuilder.record("com.acme.Triage")
            .fields()
            .name("category")
            .type(TRIAGE.getField("category").schema())
            .noDefault()
            .requiredString("summary")
            .optionalString("product")
            .endRecord();
    assertThat(
            SchemaCompatibility.checkReaderWriterCompatibility(
                    ResultEnvelope.of("ticket-triage", extended).schema(),
                    ResultEnvelope.of("ticket-triage", TRIAGE).schema())
                .getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @Test
  void results_from_before_reuse_and_abstention_can_be_read_and_old_readers_read_new_ones() {
    Schema now = ResultEnvelope.of("ticket-triage", TRIAGE).schema();
    Schema before =
        new Schema.Parser()
            .parse(
                now.toString()
                    .replaceAll(
                        ",\\{\"name\":\"(abstained|reused)\",\"type\":\"boolean\"[^}]*}", ""));

    assertThat(now.toString()).contains("\"abstained\"", "\"reused\"");
    assertThat(before.toString()).doesNotContain("\"abstained\"", "\"reused\"");
    assertThat(SchemaCompatibility.checkReaderWriterCompatibility(now, before).getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    assertThat(SchemaCompatibility.checkReaderWriterCompatibility(before, now).getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @Test
  void results_from_before_long_documents_and_masking_can_be_read_and_old_readers_read_new_ones() {
    Schema now = ResultEnvelope.of("ticket-triage", TRIAGE).schema();
    Schema before =
        new Schema.Parser()
            .parse(
                now.toString()
                    .replaceAll(",\\{\"name\":\"(chunks|truncated)\",\"type\":\"[^}]*}", "")
                    .replaceAll(",\\{\"name\":\"masked\",\"type\":\\{[^}]*}[^{]*\\{}}", ""));

    assertThat(now.toString()).contains("\"chunks\"", "\"truncated\"", "\"masked\"");
    assertThat(before.toString()).doesNotContain("\"chunks\"", "\"truncated\"", "\"masked\"");
    assertThat(SchemaCompatibility.checkReaderWriterCompatibility(now, before).getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    assertThat(SchemaCompatibility.checkReaderWriterCompatibility(before, now).getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  @Test
  void a_name_that_the_envelope_needs_is_refused() {
    Schema ownResult =
        SchemaBuilder.record("com.acme.Triage")
            .fields()
            .name("nested")
            .type(SchemaBuilder.record("com.acme.TriageResult").fields().endRecord())
            .noDefault()
            .endRecord();
    assertThatThrownBy(() -> ResultEnvelope.of("ticket-triage", ownResult))
        .hasMessageContainingAll("ticket-triage", "com.acme.TriageResult");
    Schema timings = SchemaBuilder.record("io.kaiseki.schemas.Timings").fields().endRecord();
    assertThatThrownBy(() -> ResultEnvelope.of("ticket-triage", timings))
        .hasMessageContaining("io.kaiseki.schemas.Timings");
  }

  @Test
  void an_answer_that_is_no_record_is_refused() {
    assertThatThrownBy(() -> ResultEnvelope.of("label", Schema.create(Schema.Type.STRING)))
        .hasMessageContainingAll("label", "string");
  }

  @Test
  void an_answer_of_another_analysis_does_not_fit() {
    Schema other = SchemaBuilder.record("com.acme.Other").fields().requiredInt("n").endRecord();
    ResultEnvelope envelope = ResultEnvelope.of("other", other);
    assertThatThrownBy(() -> envelope.seal(result(null)))
        .hasMessageContainingAll("com.acme.Other", "com.acme.Triage");
  }

  @Test
  void a_record_that_is_no_envelope_is_named() {
    assertThatThrownBy(() -> ResultEnvelope.open(answer())).hasMessageContaining("com.acme.Triage");
  }

  @Test
  void a_provenance_that_lacks_a_field_is_no_envelope() {
    Schema foreign =
        SchemaBuilder.record("com.acme.TriageResult")
            .fields()
            .requiredString("documentId")
            .name("answer")
            .type(TRIAGE)
            .noDefault()
            .name("confidences")
            .type(Schema.createArray(FieldConfidence.getClassSchema()))
            .noDefault()
            .optionalString("reasoning")
            .name("provenance")
            .type(
                SchemaBuilder.record("io.kaiseki.schemas.Provenance")
                    .fields()
                    .requiredString("model")
                    .endRecord())
            .noDefault()
            .endRecord();
    GenericRecord provenance = new GenericData.Record(foreign.getField("provenance").schema());
    provenance.put("model", "tiny.gguf");
    GenericRecord envelope = new GenericData.Record(foreign);
    envelope.put("documentId", "d-1");
    envelope.put("answer", answer());
    envelope.put("confidences", List.of());
    envelope.put("provenance", provenance);

    assertThatThrownBy(() -> ResultEnvelope.open(envelope))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("io.kaiseki.schemas.Provenance", "missing required field");
  }

  private static Result result(String reasoning) {
    FieldConfidence confidence =
        FieldConfidence.newBuilder()
            .setField("category")
            .setLabel("BILLING")
            .setProbability(0.75)
            .setDistribution(Map.of("BILLING", 0.75, "TECHNICAL", 0.25))
            .build();
    return new Result("d-1", answer(), List.of(confidence), reasoning, provenance());
  }

  private static GenericRecord answer() {
    GenericRecord answer = new GenericData.Record(TRIAGE);
    answer.put(
        "category", new GenericData.EnumSymbol(TRIAGE.getField("category").schema(), "BILLING"));
    answer.put("summary", "An invoice was charged twice.");
    return answer;
  }

  private static Provenance provenance() {
    return Provenance.newBuilder()
        .setEngine("llama.cpp")
        .setBuild("b4916")
        .setModel("tiny.gguf")
        .setModelSha256("00")
        .setAnalysis("ticket-triage")
        .setAnalysisVersion("1")
        .setSettings(new EngineSettings(8, 4096))
        .setReasoning("always(512)")
        .setUsage(new TokenUsage(446, true, 155, 20, 76, 21))
        .setTimings(new Timings(1L, 2L, 3L))
        .setFinishReason("COMPLETE")
        .setSourceTopic("tickets")
        .setSourcePartition(3)
        .setSourceOffset(42L)
        .setCompletedAt(Instant.ofEpochMilli(1_700_000_000_123L))
        .build();
  }
}
