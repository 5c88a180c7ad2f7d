package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.faults.RegistryProxy.Fault;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A registry that is slow, down or forgetful while the job runs. */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class RegistryFaultsIT {

  private static final int DOCUMENTS = 6;

  @TempDir Path checkpoints;

  private final Ledger ledger = new Ledger();
  private final CountedEngine engine = new CountedEngine(TinyEngine.source());
  private RegistryProxy proxy;
  private JobFixture job;
  private int schemas;
  private int documents;

  /** A schema that nobody has asked the registry for yet. */
  private record NewSchema(int id, Schema schema) {}

  @BeforeEach
  void topics() throws IOException {
    proxy = new RegistryProxy(ServicesExtension.registry().address());
    RegistrySettings registry =
        RegistrySettings.of(proxy.url()).withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(2));
    job = new JobFixture(ServicesExtension.kafka(), registry, checkpoints);
  }

  @AfterEach
  void end() {
    proxy.close();
    job.close();
  }

  @Test
  void an_outage_of_the_registry_holds_documents_up_and_gives_none_of_them_up() {
    try (JobRun run = job.start(engine)) {
      for (Fault fault : EnumSet.complementOf(EnumSet.of(Fault.UNKNOWN))) {
        NewSchema schema = newSchema();
        proxy.spoil(schema.id(), fault);
        sendSome(0, schema);
        sendSome(1, schema);
        int before = job.outcomes.size();
        job.await(() -> proxy.questions(schema.id()) >= 3, run);
        assertThat(job.outcomes).as("outcomes while %s", fault).hasSize(before);

        proxy.heal(schema.id());
        job.await(() -> job.outcomes.size() >= ledger.size(), run);
      }
      job.settle(run);
      assertThat(run.status()).contains(JobStatus.RUNNING);
    }

    ledger.assertSettledBy(job.outcomes);
    assertThat(job.outcomes).allMatch(Received.Answered.class::isInstance);
    assertThat(engine.opened()).as("subtasks opened").isEqualTo(job.settings.parallelism());
  }

  @Test
  void documents_of_a_schema_that_the_registry_does_not_know_are_dead_letters() {
    NewSchema known = newSchema();
    NewSchema unknown = newSchema();
    proxy.spoil(unknown.id(), Fault.UNKNOWN);
    for (int i = 0; i < DOCUMENTS; i++) {
      send(i % 2, known);
      ledger.undecodable(send(i % 2, unknown));
    }
    try (JobRun run = job.start(engine)) {
      job.awaitOutcomes(ledger.size(), run);
      assertThat(run.status()).contains(JobStatus.RUNNING);
    }

    ledger.assertSettledBy(job.outcomes);
    List<DeadLetter> dead =
        job.outcomes.stream()
            .filter(Received.Dead.class::isInstance)
            .map(outcome -> ((Received.Dead) outcome).letter())
            .toList();
    assertThat(dead)
        .hasSize(DOCUMENTS)
        .allMatch(letter -> letter.getReason() == DeadLetterReason.SCHEMA_UNKNOWN)
        .allMatch(letter -> letter.getMessage().contains("schema id " + unknown.id()));
    assertThat(engine.opened()).as("subtasks opened").isEqualTo(job.settings.parallelism());
  }

  /**
   * A checkpoint that completes while a subtask waits for the registry must be committed at once:
   * the broker gives its transactions up after a while, and with them results that no recovery
   * would bring back.
   */
  @Test
  void results_of_a_complete_checkpoint_are_committed_while_the_registry_is_away() {
    NewSchema known = newSchema();
    NewSchema first = newSchema();
    NewSchema second = newSchema();
    proxy.spoil(first.id(), Fault.UNAVAILABLE);
    proxy.spoil(second.id(), Fault.UNAVAILABLE);
    try (JobRun run = job.start(engine)) {
      // One subtask always has results in its part of the next checkpoint. The other waits, so that
      // this checkpoint can't complete before the first one waits as well.
      send(1, known);
      job.await(() -> sendSome(0, known) && job.outcomes.size() > 20, run);
      send(1, first);
      job.await(() -> sendSome(0, known) && proxy.questions(first.id()) >= 4, run);
      send(0, second);
      job.await(() -> proxy.questions(second.id()) >= 1, run);
      int before = job.outcomes.size();

      proxy.heal(first.id());
      job.await(() -> job.outcomes.size() > before, run);

      proxy.heal(second.id());
      job.awaitOutcomes(ledger.size(), run);
    }
    ledger.assertSettledBy(job.outcomes);
    assertThat(engine.opened()).as("subtasks opened").isEqualTo(job.settings.parallelism());
  }

  /**
   * The first barrier after the outage would hand a transaction to its checkpoint that the broker
   * has given up meanwhile. So the task fails before, and the documents are repeated.
   */
  @Test
  void an_outage_longer_than_the_transaction_timeout_loses_no_result() {
    NewSchema known = newSchema();
    NewSchema held = newSchema();
    proxy.spoil(held.id(), Fault.UNAVAILABLE);
    try (JobRun run = job.start(withTransactionTimeout(Duration.ofSeconds(9)), engine);
        Admin admin = Admin.create(ServicesExtension.kafka().properties())) {
      sendSome(0, known);
      job.await(() -> job.outcomes.size() == ledger.size(), run);
      sendSome(0, known);
      send(0, held);
      job.await(() -> hasOpenTransaction(admin), run);
      // The broker looks every ten seconds for those whose time is over.
      job.await(() -> !hasOpenTransaction(admin), run);

      proxy.heal(held.id());
      job.awaitOutcomes(ledger.size(), run);
      assertThat(run.status()).contains(JobStatus.RUNNING);
    }

    ledger.assertSettledBy(job.outcomes);
    assertThat(engine.opened()).as("subtasks opened").isEqualTo(2);
  }

  /** Of one subtask, so that none goes on during an outage and meets the timeout by itself. */
  private JobSettings withTransactionTimeout(Duration timeout) {
    JobSettings usual = job.settings;
    return new JobSettings(
        usual.name(),
        usual.kafka(),
        usual.registry(),
        new DeliverySettings(
            DeliverySettings.Guarantee.EXACTLY_ONCE,
            usual.delivery().checkpoints(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            timeout),
        usual.restart(),
        1);
  }

  private boolean hasOpenTransaction(Admin admin) {
    try {
      return admin
          .listTransactions(
              new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
          .all()
          .get()
          .stream()
          .anyMatch(transaction -> transaction.transactionalId().startsWith(job.settings.name()));
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Registers the document's schema with one more field, which gives it an id of its own. */
  private NewSchema newSchema() {
    Schema document = Document.getClassSchema();
    List<Schema.Field> fields =
        Stream.concat(
                document.getFields().stream().map(field -> new Schema.Field(field, field.schema())),
                Stream.of(
                    new Schema.Field(
                        "extra" + schemas++, Schema.create(Schema.Type.STRING), null, "none")))
            .toList();
    Schema schema =
        Schema.createRecord(document.getName(), null, document.getNamespace(), false, fields);
    try (SchemaRegistryClient client = ServicesExtension.registry().connect()) {
      String subject = job.definition.topics().documents() + "-evolved" + schemas + "-value";
      return new NewSchema(
          new SchemaRegistration(client, proxy.url()).ensureRegistered(subject, schema, true),
          schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean sendSome(int partition, NewSchema schema) {
    for (int i = 0; i < DOCUMENTS; i++) {
      send(partition, schema);
    }
    return true;
  }

  private RecordMetadata send(int partition, NewSchema schema) {
    String id = "d" + documents++;
    GenericData.Record document =
        new GenericRecordBuilder(schema.schema())
            .set("id", id)
            .set("body", "The parcel has not arrived.")
            .set("receivedAt", 0L)
            .build();
    byte[] value =
        Objects.requireNonNull(new AvroEncoder(schema.id(), schema.schema()).encode(document));
    RecordMetadata sent =
        job.send(
            new ProducerRecord<>(
                job.definition.topics().documents(),
                partition,
                id.getBytes(StandardCharsets.UTF_8),
                value));
    ledger.document(sent, id);
    return sent;
  }
}
