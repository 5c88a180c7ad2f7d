package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.flink.Inferred;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroDecoder;
import io.kaiseki.schemas.wire.Decoded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class ResultRecordSerializerTest {

  private final Analysis analysis =
      JobFixture.definition("serializer", AnalysisOverrides.none()).toAnalysis();
  private final ResultEnvelope envelope =
      ResultEnvelope.of(analysis.name(), analysis.contract().schema());

  @Test
  void provenance_says_in_how_many_parts_a_document_was_read_and_what_was_masked()
      throws Exception {
    var reading = new DocumentReading(12, true, Map.of("email", 3));

    Provenance provenance = written(reading, true).provenance();

    assertThat(provenance.getChunks()).isEqualTo(12);
    assertThat(provenance.getTruncated()).isTrue();
    assertThat(provenance.getMasked()).isEqualTo(Map.of("email", 3));
  }

  @Test
  void a_document_that_was_read_as_it_came_says_so() throws Exception {
    Provenance provenance = written(DocumentReading.WHOLE, true).provenance();

    assertThat(provenance.getChunks()).isEqualTo(1);
    assertThat(provenance.getTruncated()).isFalse();
    assertThat(provenance.getMasked()).isEmpty();
  }

  @Test
  void reasoning_is_kept_or_left_out_as_the_analysis_says() throws Exception {
    assertThat(written(DocumentReading.WHOLE, true).reasoning()).isEqualTo("Let me think.");
    assertThat(written(DocumentReading.WHOLE, false).reasoning()).isNull();
  }

  @Test
  void a_result_of_the_second_model_names_both_and_what_the_first_took() throws Exception {
    var second = new EngineDescription("openai", "", "large", "", 8, 0);
    var first = new TokenUsage(400, true, 90, 0, 30, 10);
    Provenance provenance =
        written(
                inferred(DocumentReading.WHOLE)
                    .outcome()
                    .completion()
                    .withEscalation(new Escalation(second, first, Duration.ofMillis(70), 0.25)),
                true)
            .provenance();

    assertThat(provenance.getModel()).isEqualTo("large");
    assertThat(provenance.getEscalatedFrom().getModel()).isEqualTo("none");
    assertThat(provenance.getEscalatedFrom().getUsage().getAnswer()).isEqualTo(30);
    assertThat(provenance.getEscalatedFrom().getTotalMillis()).isEqualTo(70);
    assertThat(provenance.getEscalatedFrom().getLeastConfidence()).isEqualTo(0.25);
    assertThat(written(DocumentReading.WHOLE, true).provenance().getEscalatedFrom()).isNull();
  }

  private Result written(DocumentReading reading, boolean keepReasoning) throws Exception {
    return written(inferred(reading).outcome().completion(), keepReasoning);
  }

  private Result written(Completion completion, boolean keepReasoning) throws Exception {
    String url = "mock://result-serializer";
    try (SchemaRegistryClient client = RegistrySettings.of(url).connect()) {
      int id =
          new SchemaRegistration(client, url)
              .ensureRegistered("results-value", envelope.schema(), true);
      var serializer = new ResultRecordSerializer("results", analysis, envelope, id, keepReasoning);
      byte[] value = serializer.serialize(inferred(completion), null, null).value();
      Decoded<GenericRecord> decoded =
          AvroDecoder.generic(new RegisteredSchemas(client, url)).decode(value);
      return ResultEnvelope.open(((Decoded.Value<GenericRecord>) decoded).record());
    }
  }

  private Inferred<PreparedDocument, Outcome.Answered> inferred(DocumentReading reading) {
    Completion completion =
        new Completion(
                plainest(analysis.contract().schema()),
                List.of(),
                "Let me think.",
                TokenUsage.NONE,
                FinishReason.COMPLETE,
                new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO))
            .withReading(reading);
    return inferred(completion);
  }

  private static Inferred<PreparedDocument, Outcome.Answered> inferred(Completion completion) {
    return new Inferred<>(
        new PreparedDocument(new RawRecord("in", 0, 7, 0, null, new byte[0], List.of()), "d", "t"),
        new Outcome.Answered(completion),
        1,
        new EngineDescription("scripted", "", "none", "", 1, 100));
  }

  private static GenericRecord plainest(Schema schema) {
    GenericRecord record = new GenericData.Record(schema);
    schema
        .getFields()
        .forEach(
            field ->
                record.put(
                    field.pos(),
                    switch (field.schema().getType()) {
                      case ENUM ->
                          new GenericData.EnumSymbol(
                              field.schema(), field.schema().getEnumSymbols().get(0));
                      case STRING -> "text";
                      case BOOLEAN -> false;
                      case UNION -> null;
                      default -> throw new IllegalArgumentException(field.schema().toString());
                    }));
    return record;
  }
}
