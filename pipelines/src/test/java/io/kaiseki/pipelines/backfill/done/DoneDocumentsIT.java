package io.kaiseki.pipelines.backfill.done;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.kafka.ReadListener;
import io.kaiseki.schemas.EngineSettings;
import io.kaiseki.schemas.Provenance;
import io.kaiseki.schemas.Timings;
import io.kaiseki.schemas.TokenUsage;
import io.kaiseki.schemas.envelope.Result;
import io.kaiseki.schemas.envelope.ResultEnvelope;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Results that are committed behind a transaction that is open, on a real broker. */
@ExtendWith(ServicesExtension.class)
class DoneDocumentsIT {

  private static final Schema ANSWER =
      SchemaBuilder.record("Said").namespace("test").fields().requiredBoolean("yes").endRecord();
  private static final String SHA256 = "ab".repeat(32);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final String topic = "done-" + UUID.randomUUID();
  private final ResultEnvelope envelope = ResultEnvelope.of("test", ANSWER);
  private final Heard heard = new Heard();
  private final String run = "run-" + UUID.randomUUID();
  private AvroEncoder encoder;
  private KafkaProducer<byte[], byte[]> open;

  @BeforeEach
  void leaveATransactionOpen() throws Exception {
    try (SchemaRegistryClient client = ServicesExtension.registry().connect()) {
      encoder =
          new AvroEncoder(
              new SchemaRegistration(client, "test")
                  .ensureRegistered(topic + "-value", envelope.schema(), true),
              envelope.schema());
    }
    try (Admin admin = Admin.create(ServicesExtension.kafka().properties())) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
    open = producer(run + "-results-0-1");
    open.beginTransaction();
    send(open, "open");
    try (KafkaProducer<byte[], byte[]> other = producer(run + "-results-results-0-1")) {
      other.beginTransaction();
      send(other, "behind");
      other.commitTransaction();
    }
  }

  @AfterEach
  void close() {
    open.close();
  }

  @Test
  void what_is_committed_behind_an_open_transaction_counts_once_that_has_ended() throws Exception {
    CompletableFuture<FingerprintSet> reading = reading(LONGEST);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> heard.waiting);
    assertThat(reading).isNotDone();

    open.abortTransaction();

    FingerprintSet done = reading.get(30, TimeUnit.SECONDS);
    assertThat(done.contains(DocumentFingerprint.of("behind", SHA256))).isTrue();
    assertThat(done.contains(DocumentFingerprint.of("open", SHA256))).isFalse();
  }

  @Test
  void a_transaction_that_does_not_end_is_told_with_what_to_do() {
    assertThatThrownBy(() -> reading(Duration.ofSeconds(3)).get(1, TimeUnit.MINUTES))
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a transaction there has not ended for 3 s")
        .hasMessageContaining("find-hanging");
  }

  @Test
  void who_can_not_wait_reads_what_stands_in_front_of_it() throws Exception {
    assertThat(reading(Duration.ZERO).get(30, TimeUnit.SECONDS).size()).isZero();
  }

  @Test
  void nobody_waits_for_a_transaction_of_the_same_run_that_nobody_will_commit() throws Exception {
    LeftTransactions.giveUp(ServicesExtension.kafka(), run);
    LeftTransactions.giveUp(ServicesExtension.kafka(), run + "-results-results");
    CompletableFuture<FingerprintSet> reading = reading(LONGEST);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> heard.waiting);
    assertThat(reading).as("it was of other runs").isNotDone();

    LeftTransactions.giveUp(ServicesExtension.kafka(), run + "-results");

    FingerprintSet done = reading.get(30, TimeUnit.SECONDS);
    assertThat(done.contains(DocumentFingerprint.of("behind", SHA256))).isTrue();
    assertThat(done.contains(DocumentFingerprint.of("open", SHA256))).isFalse();
  }

  @Test
  void what_another_analysis_or_version_has_answered_or_nobody_knows_of_what_text_is_not_done()
      throws Exception {
    open.commitTransaction();
    try (KafkaProducer<byte[], byte[]> other = producer(run + "-others")) {
      other.beginTransaction();
      send(other, "another-analysis", told -> told.setAnalysis("test2"));
      send(other, "an-earlier-version", told -> told.setAnalysisVersion("v"));
      send(other, "a-later-version", told -> told.setAnalysisVersion("v10"));
      send(other, "of-no-known-text", told -> told.setDocumentSha256(""));
      other.commitTransaction();
    }

    FingerprintSet done = reading(LONGEST).get(30, TimeUnit.SECONDS);

    assertThat(done.contains(DocumentFingerprint.of("open", SHA256))).isTrue();
    assertThat(done.contains(DocumentFingerprint.of("behind", SHA256))).isTrue();
    assertThat(done.size()).as("those two, and none of the others").isEqualTo(2);
  }

  @Test
  void a_document_whose_result_was_deleted_is_not_done_until_it_has_another() throws Exception {
    open.commitTransaction();
    try (KafkaProducer<byte[], byte[]> other = producer(run + "-others")) {
      other.beginTransaction();
      send(other, "deleted");
      send(other, "deleted", told -> told.setDocumentSha256("cd".repeat(32)));
      send(other, "answered-again");
      delete(other, "deleted");
      delete(other, "answered-again");
      send(other, "answered-again");
      other.commitTransaction();
    }

    FingerprintSet done = reading(LONGEST).get(30, TimeUnit.SECONDS);

    assertThat(done.contains(DocumentFingerprint.of("deleted", SHA256))).isFalse();
    assertThat(done.contains(DocumentFingerprint.of("answered-again", SHA256))).isTrue();
    assertThat(done.size()).as("that one, and the two of the beginning").isEqualTo(3);
  }

  @Test
  void a_stop_ends_the_waiting() {
    CompletableFuture<FingerprintSet> reading = reading(LONGEST);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> heard.waiting);

    heard.stop = true;

    assertThatThrownBy(() -> reading.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the test has stopped it");
  }

  private CompletableFuture<FingerprintSet> reading(Duration longest) {
    DoneDocuments documents =
        new DoneDocuments(ServicesExtension.kafka(), ServicesExtension.registry(), longest);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return documents.read(topic, envelope.schema().getFullName(), "test", "v1", heard);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private KafkaProducer<byte[], byte[]> producer(String id) {
    Properties properties = ServicesExtension.kafka().properties();
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private void send(KafkaProducer<byte[], byte[]> producer, String id) {
    send(producer, id, usual -> usual);
  }

  private void send(
      KafkaProducer<byte[], byte[]> producer, String id, UnaryOperator<Provenance.Builder> told) {
    GenericRecord answer = new GenericRecordBuilder(ANSWER).set("yes", true).build();
    Provenance provenance = told.apply(Provenance.newBuilder(provenance())).build();
    producer.send(
        new ProducerRecord<>(
            topic,
            id.getBytes(StandardCharsets.UTF_8),
            encoder.encode(envelope.seal(new Result(id, answer, List.of(), null, provenance)))));
    producer.flush();
  }

  private void delete(KafkaProducer<byte[], byte[]> producer, String id) {
    producer.send(new ProducerRecord<>(topic, id.getBytes(StandardCharsets.UTF_8), null));
    producer.flush();
  }

  private static Provenance provenance() {
    return Provenance.newBuilder()
        .setEngine("test")
        .setBuild("")
        .setModel("none")
        .setAnalysis("test")
        .setAnalysisVersion("v1")
        .setDocumentSha256(SHA256)
        .setSettings(new EngineSettings(1, 1))
        .setUsage(new TokenUsage(0, false, 0, 0, 0, 0))
        .setTimings(new Timings(0L, 0L, 0L))
        .setFinishReason("COMPLETE")
        .setSourceTopic("tickets")
        .setSourcePartition(0)
        .setSourceOffset(0)
        .setCompletedAt(Instant.EPOCH)
        .build();
  }

  /** Hears what a reading does, and stops it. */
  private static final class Heard implements ReadListener {
    private volatile boolean waiting;
    private volatile boolean stop;

    @Override
    public void read(long done, long total) {
      if (stop) {
        throw new IllegalStateException("the test has stopped it");
      }
    }

    @Override
    public void awaitsTransactions(Duration longest) {
      waiting = true;
    }
  }
}
