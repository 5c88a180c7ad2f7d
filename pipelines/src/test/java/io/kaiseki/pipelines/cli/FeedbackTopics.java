package io.kaiseki.pipelines.cli;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.eval.feedback.FeedbackLabels;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.EngineSettings;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.Timings;
import io.kaiseki.schemas.TokenUsage;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics of one analysis with documents, results and what people said of them. */
final class FeedbackTopics implements AutoCloseable {

  private static final String ANALYSIS = "ticket-triage";
  private static final Instant MONDAY = Instant.parse("2026-03-02T08:00:00Z");

  private final String run = "f" + UUID.randomUUID().toString().substring(0, 8);
  private final KafkaProducer<byte[], byte[]> producer;
  private final ResultEnvelope envelope;
  private final AvroEncoder documents;
  private final AvroEncoder results;
  private final AvroEncoder words;
  private int minutes;

  FeedbackTopics(Schema answer) throws Exception {
    envelope = ResultEnvelope.of("test", answer);
    try (SchemaRegistryClient client = ServicesExtension.registry().connect()) {
      SchemaRegistration registration = new SchemaRegistration(client, "test");
      documents = encoder(registration, "-in", Document.getClassSchema());
      results = encoder(registration, "-out", envelope.schema());
      words = encoder(registration, "-out.feedback", Feedback.getClassSchema());
    }
    try (Admin admin = Admin.create(ServicesExtension.kafka().properties())) {
      admin
          .createTopics(
              Stream.of("-in", "-out", "-out.feedback")
                  .map(name -> new NewTopic(run + name, Optional.of(2), Optional.empty()))
                  .toList())
          .all()
          .get();
    }
    Properties properties = ServicesExtension.kafka().properties();
    // A topic is new, and its leader may refuse a first batch and take a second one.
    properties.put("max.in.flight.requests.per.connection", "1");
    producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Options of a command that reads them. */
  List<String> options() {
    return new ArrayList<>(
        List.of(
            "-stopics.documents=" + run + "-in",
            "-stopics.results=" + run + "-out",
            "-skafka.bootstrap.servers=" + ServicesExtension.kafka().bootstrapServers(),
            "-sregistry.url=" + ServicesExtension.registry().address()));
  }

  /** What they hold as labels. */
  FeedbackLabels labels(Contract contract) {
    return new FeedbackLabels(
        ServicesExtension.kafka(),
        ServicesExtension.registry(),
        new FeedbackLabels.Topics(run + "-out.feedback", run + "-in", run + "-out"),
        ANALYSIS,
        contract);
  }

  void document(String id, @Nullable String title, String body) {
    send(
        "-in",
        id,
        documents.encode(
            Document.newBuilder()
                .setId(id)
                .setTitle(title)
                .setBody(body)
                .setReceivedAt(MONDAY)
                .build()));
  }

  /** Deletes the text of a document. */
  void noDocument(String id) {
    send("-in", id, null);
  }

  /** Deletes the result of a document. */
  void noResult(String id) {
    send("-out", id, null);
  }

  void result(String id, GenericRecord answer) {
    send(
        "-out",
        id,
        results.encode(envelope.seal(new Result(id, answer, List.of(), null, provenance()))));
  }

  /** Each word a minute after the one before. */
  void word(String id, String field, @Nullable String old, @Nullable String right) {
    wordOn(ANALYSIS, id, field, old, right);
  }

  /** The same of what another analysis has answered. */
  void wordOn(
      String analysis, String id, String field, @Nullable String old, @Nullable String right) {
    send(
        "-out.feedback",
        id,
        words.encode(
            Feedback.newBuilder()
                .setDocumentId(id)
                .setAnalysis(analysis)
                .setField(field)
                .setOld(old)
                .setNew$(right)
                .setBy("A. Tester")
                .setAt(MONDAY.plusSeconds(60L * ++minutes))
                .build()));
  }

  @Override
  public void close() {
    producer.close();
  }

  void flush() {
    producer.flush();
  }

  private void send(String topic, String id, byte @Nullable [] value) {
    producer.send(new ProducerRecord<>(run + topic, id.getBytes(StandardCharsets.UTF_8), value));
  }

  private AvroEncoder encoder(SchemaRegistration registration, String topic, Schema schema) {
    return new AvroEncoder(
        registration.ensureRegistered(run + topic + "-value", schema, true), schema);
  }

  private static Provenance provenance() {
    return Provenance.newBuilder()
        .setEngine("test")
        .setBuild("")
        .setModel("none")
        .setAnalysis("test")
        .setAnalysisVersion("v1")
        .setSettings(new EngineSettings(1, 1))
        .setUsage(new TokenUsage(0, false, 0, 0, 0, 0))
        .setTimings(new Timings(0L, 0L, 0L))
        .setFinishReason("COMPLETE")
        .setSourceTopic("tickets")
        .setSourcePartition(0)
        .setSourceOffset(0)
        .setCompletedAt(MONDAY)
        .build();
  }
}
