package io.kaiseki.desk;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.EngineSettings;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.FieldConfidence;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.Timings;
import io.kaiseki.schemas.TokenUsage;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Records of a ticket triage as the job writes them, under the schema that ships. */
public final class Triage {

  public static final Schema ANSWER = answerSchema();
  public static final ResultEnvelope ENVELOPE = ResultEnvelope.of("ticket-triage", ANSWER);

  private final AvroEncoder documents;
  private final AvroEncoder results;
  private final AvroEncoder letters;
  private final AvroEncoder feedback;

  /**
   * Registers the schemas.
   *
   * @param prefix start of the topics' names: {@code -in}, {@code -out}, {@code -dead}, {@code
   *     -out.feedback}
   */
  public Triage(SchemaRegistryClient client, String prefix) {
    SchemaRegistration registration = new SchemaRegistration(client, "test");
    this.documents = encoder(registration, prefix + "-in", Document.getClassSchema());
    this.results = encoder(registration, prefix + "-out", ENVELOPE.schema());
    this.letters = encoder(registration, prefix + "-dead", DeadLetter.getClassSchema());
    this.feedback = encoder(registration, prefix + "-out.feedback", Feedback.getClassSchema());
  }

  public byte[] document(String id, @Nullable String title, String body, Instant receivedAt) {
    return document(id, title, body, receivedAt, Map.of("channel", "e-mail"));
  }

  public byte[] document(
      String id,
      @Nullable String title,
      String body,
      Instant receivedAt,
      Map<String, String> attributes) {
    return Objects.requireNonNull(
        documents.encode(
            Document.newBuilder()
                .setId(id)
                .setKind("ticket")
                .setTitle(title)
                .setBody(body)
                .setLanguage("en")
                .setReceivedAt(receivedAt)
                .setAttributes(attributes)
                .build()));
  }

  /** A result with this category; everything else as in most. */
  public byte[] result(String id, String category, double confidence, Instant completedAt) {
    return result(id, category, confidence, null, List.of(), completedAt, 0);
  }

  public byte[] result(
      String id,
      String category,
      double confidence,
      @Nullable String quote,
      List<String> references,
      Instant completedAt,
      long offset) {
    GenericRecord answer = new GenericData.Record(ANSWER);
    answer.put("language", symbol("language", "en"));
    answer.put("customerQuote", quote);
    answer.put("category", symbol("category", category));
    answer.put("priority", symbol("priority", category.equals("billing") ? "high" : "normal"));
    answer.put("sentiment", symbol("sentiment", "negative"));
    answer.put("needsHuman", category.equals("fraud_or_security"));
    answer.put("suggestedTeam", symbol("suggestedTeam", "first_line"));
    answer.put("product", "router");
    answer.put("references", references);
    answer.put("summary", "A customer asks about " + category + ".");
    return Objects.requireNonNull(
        results.encode(
            ENVELOPE.seal(
                new Result(
                    id,
                    answer,
                    List.of(
                        confidence("language", "en", 0.99, Map.of("en", 0.99, "de", 0.01)),
                        confidence(
                            "category",
                            category,
                            confidence,
                            Map.of(category, confidence, "other", 1 - confidence)),
                        confidence("priority", "normal", 0.9, Map.of("normal", 0.9, "high", 0.1))),
                    "The customer writes about " + category + ".",
                    provenance(completedAt, offset)))));
  }

  public byte[] letter(
      @Nullable String id, DeadLetterReason reason, long offset, Instant failedAt) {
    return letter("ticket-triage", id, reason, offset, failedAt);
  }

  /** A letter of any analysis. */
  public byte[] letter(
      String analysis,
      @Nullable String id,
      DeadLetterReason reason,
      long offset,
      Instant failedAt) {
    return Objects.requireNonNull(
        letters.encode(
            DeadLetter.newBuilder()
                .setDocumentId(id)
                .setReason(reason)
                .setMessage("it could not be analysed")
                .setStage("analyse")
                .setAnalysis(analysis)
                .setAnalysisVersion("v1")
                .setSourceTopic("tickets")
                .setSourcePartition(0)
                .setSourceOffset(offset)
                .setSourceTimestamp(failedAt)
                .setFailedAt(failedAt)
                .build()));
  }

  public byte[] feedback(
      String id, String field, @Nullable String old, @Nullable String right, Instant at) {
    return feedback("ticket-triage", id, field, old, right, at);
  }

  /** A word on an answer of any analysis. */
  public byte[] feedback(
      String analysis,
      String id,
      String field,
      @Nullable String old,
      @Nullable String right,
      Instant at) {
    return Objects.requireNonNull(
        feedback.encode(
            Feedback.newBuilder()
                .setDocumentId(id)
                .setAnalysis(analysis)
                .setAnalysisVersion("v1")
                .setField(field)
                .setOld(old)
                .setNew$(right)
                .setBy("desk test")
                .setAt(at)
                .build()));
  }

  private static FieldConfidence confidence(
      String field, String label, double probability, Map<String, Double> distribution) {
    return FieldConfidence.newBuilder()
        .setField(field)
        .setLabel(label)
        .setProbability(probability)
        .setDistribution(distribution)
        .build();
  }

  private static Provenance provenance(Instant completedAt, long offset) {
    return Provenance.newBuilder()
        .setEngine("llama.cpp")
        .setBuild("b4916")
        .setModel("tiny.gguf")
        .setAnalysis("ticket-triage")
        .setAnalysisVersion("v1")
        .setSettings(new EngineSettings(8, 4096))
        .setUsage(new TokenUsage(400, true, 80, 0, 70, 20))
        .setTimings(new Timings(5L, 40L, 900L))
        .setFinishReason("COMPLETE")
        .setSourceTopic("tickets")
        .setSourcePartition(0)
        .setSourceOffset(offset)
        .setCompletedAt(completedAt)
        .build();
  }

  private static GenericData.EnumSymbol symbol(String field, String symbol) {
    return new GenericData.EnumSymbol(ANSWER.getField(field).schema(), symbol);
  }

  private static AvroEncoder encoder(SchemaRegistration registration, String topic, Schema schema) {
    return new AvroEncoder(registration.ensureRegistered(topic + "-value", schema, true), schema);
  }

  private static Schema answerSchema() {
    String file = "/analyses/ticket-triage/result.avsc";
    try (InputStream in = Objects.requireNonNull(Triage.class.getResourceAsStream(file), file)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
