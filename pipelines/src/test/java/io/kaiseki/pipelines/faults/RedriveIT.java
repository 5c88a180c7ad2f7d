package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.cli.CommandFixture;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.faults.RegistryProxy.Fault;
import io.kaiseki.pipelines.job.AttemptsHeader;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TopicRecords;
import io.kaiseki.schemas.Document;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.SchemaRegistration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters that are looked at and sent again by the command, as an operator would. */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class RedriveIT {

  private static final int DOCUMENTS = 6;

  /** Recent enough for topics that keep records for a week. */
  private static final long TIMESTAMP = System.currentTimeMillis() - 3_600_000;

  @TempDir Path directory;

  private final CountedEngine engine = new CountedEngine(TinyEngine.source());
  private RegistryProxy proxy;
  private JobFixture job;

  @BeforeEach
  void topics() throws IOException {
    proxy = new RegistryProxy(ServicesExtension.registry().address());
    RegistrySettings registry =
        RegistrySettings.of(proxy.url()).withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(2));
    job = new JobFixture(ServicesExtension.kafka(), registry, directory.resolve("checkpoints"));
  }

  @AfterEach
  void end() {
    proxy.close();
    job.close();
  }

  @Test
  void documents_of_an_unknown_schema_get_their_results_once_it_is_there() throws IOException {
    int schema = schemaOfItsOwn();
    proxy.spoil(schema, Fault.UNKNOWN);
    List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] value = job.encode("d" + i, "Refund", "I was charged twice.");
      ByteBuffer.wrap(value).putInt(1, schema);
      ProducerRecord<byte[], byte[]> record = record(i % 2, TIMESTAMP + i, "key" + i, value);
      record.headers().add("trace", new byte[] {1}).add("trace", null).add("", new byte[0]);
      sent.add(record);
      job.send(record);
    }
    job.send("broken", new byte[] {1, 2, 3});
    try (JobRun run = job.start(engine)) {
      job.awaitOutcomes(DOCUMENTS + 1, run);
    }
    assertThat(job.outcomes).hasSize(DOCUMENTS + 1).allMatch(Received.Dead.class::isInstance);
    assertCounted();

    proxy.heal(schema);
    assertThat(redrive("--reason", "SCHEMA_UNKNOWN").err())
        .contains(".redriven")
        .contains("--create-topics");
    assertThat(redrive("--reason", "SCHEMA_UNKNOWN", "--dry-run").out())
        .contains(DOCUMENTS + " letters would be sent again");
    CommandFixture first = redrive("--reason", "schema-unknown", "--create-topics", "--limit", "2");
    CommandFixture second = redrive("--reason", "SCHEMA_UNKNOWN");
    CommandFixture third = redrive("--reason", "SCHEMA_UNKNOWN");

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("2 letters sent again").contains("4 over the limit");
    assertThat(second.out()).contains("4 letters sent again").contains("2 sent before");
    assertThat(third.exitCode()).isZero();
    assertThat(third.out()).contains("0 letters sent again").contains(DOCUMENTS + " sent before");
    assertCameBackAsTheyWere(sent);
    int before = job.outcomes.size();
    try (JobRun run = job.start(engine)) {
      job.awaitOutcomes(before + DOCUMENTS, run);
    }
    assertThat(job.outcomes.subList(before, job.outcomes.size()))
        .allMatch(Received.Answered.class::isInstance)
        .extracting(outcome -> ((Received.Answered) outcome).result().documentId())
        .containsExactlyInAnyOrder("d0", "d1", "d2", "d3", "d4", "d5");
  }

  @Test
  void a_document_that_keeps_failing_stops_at_the_limit() {
    job.send("broken", new byte[] {1, 2, 3});
    try (JobRun run = job.start(engine)) {
      job.await(() -> job.outcomes.size() == 1, run);
      for (int attempt = 2; attempt <= 3; attempt++) {
        assertThat(redrive("--create-topics").out()).contains("1 letter sent again");
        int tried = attempt;
        job.await(() -> job.outcomes.size() == tried, run);
      }
      CommandFixture last = redrive();
      assertThat(last.exitCode()).as(last.err()).isZero();
      assertThat(last.out())
          .contains("0 letters sent again")
          .contains("1 tried too often")
          .contains("tried 3 times; --max-attempts is 3");
      assertThat(redrive("--max-attempts", "4").out()).contains("1 letter sent again");
      job.awaitOutcomes(4, run);
    }
    assertThat(job.outcomes)
        .extracting(outcome -> ((Received.Dead) outcome).letter().getAttempts())
        .containsExactly(1, 2, 3, 4);
    assertThat(documents())
        .hasSize(4)
        .allSatisfy(record -> assertThat(record.value()).containsExactly(1, 2, 3))
        .allSatisfy(record -> assertThat(record.headers().toArray()).hasSizeLessThan(2));
  }

  @Test
  void a_record_that_its_letter_leaves_out_is_fetched_as_long_as_its_topic_keeps_it()
      throws Exception {
    byte[] noise = new byte[20_000];
    new Random(7).nextBytes(noise);
    noise[0] = 1;
    RecordMetadata kept = job.send(record(0, TIMESTAMP, "kept", noise));
    RecordMetadata lost = job.send(record(1, TIMESTAMP, "lost", noise));
    JobSettings small =
        new JobSettings(
            job.settings.name(),
            new KafkaSettings(
                job.settings.kafka().bootstrapServers(), Map.of("max.request.size", "10000")),
            job.settings.registry(),
            job.settings.delivery(),
            job.settings.restart(),
            job.settings.parallelism());
    try (JobRun run = job.start(small, engine)) {
      job.await(() -> job.outcomes.size() == 2, run);
    }
    assertThat(job.outcomes)
        .allMatch(outcome -> ((Received.Dead) outcome).letter().getOriginalOmitted());
    try (Admin admin = Admin.create(ServicesExtension.kafka().properties())) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(lost.topic(), lost.partition()),
                  RecordsToDelete.beforeOffset(lost.offset() + 1)))
          .all()
          .get();
    }

    CommandFixture ran = redrive("--create-topics");

    assertThat(ran.exitCode()).as("something is left to be done").isEqualTo(1);
    assertThat(ran.out())
        .contains("1 letter sent again")
        .contains("1 record gone")
        .contains(Ledger.coordinates(lost) + " is no longer there");
    List<ConsumerRecord<byte[], byte[]>> again =
        documents().stream().filter(record -> record.headers().toArray().length > 0).toList();
    assertThat(again).hasSize(1);
    assertThat(again.get(0).key()).isEqualTo("kept".getBytes(StandardCharsets.UTF_8));
    assertThat(again.get(0).value()).isEqualTo(noise);
    assertThat(again.get(0).timestamp()).isEqualTo(TIMESTAMP);
    assertThat(again.get(0).offset()).isGreaterThan(kept.offset());
  }

  @Test
  void what_a_topic_does_not_take_is_told_and_hinders_no_other() throws Exception {
    byte[] noise = new byte[20_000];
    new Random(7).nextBytes(noise);
    noise[0] = 1;
    job.send(record(0, TIMESTAMP, "large", noise));
    job.send(record(0, TIMESTAMP, "small", new byte[] {1, 2, 3}));
    try (JobRun run = job.start(engine)) {
      job.await(() -> job.outcomes.size() == 2, run);
    }
    String narrow = topic("narrow", Map.of("max.message.bytes", "2000"));
    String brief = topic("brief", Map.of("retention.ms", "60000"));

    CommandFixture absent = redrive("--create-topics", "--to", job.settings.name() + "-absent");
    CommandFixture old = redrive("--to", brief);
    CommandFixture limited = redrive("--to", narrow, "--limit", "1");
    CommandFixture large = redrive("--to", narrow);

    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.out()).contains("0 letters sent again", "2 no topic", "there is no topic");
    assertThat(old.exitCode()).isEqualTo(1);
    assertThat(old.out()).contains("0 letters sent again", "2 too old", "raise retention.ms");
    assertThat(large.exitCode()).isEqualTo(1);
    assertThat(limited.out()).contains("1 letter sent again");
    assertThat(large.out())
        .contains("0 letters sent again", "1 sent before")
        .contains("1 refused by the broker", narrow + " does not take it");
    assertThat(TopicRecords.committed(ServicesExtension.kafka(), narrow))
        .singleElement()
        .satisfies(record -> assertThat(record.value()).containsExactly(1, 2, 3));
  }

  @Test
  void a_letter_that_can_not_be_read_is_named_and_no_success() {
    job.send("broken", new byte[] {1, 2, 3});
    try (JobRun run = job.start(engine)) {
      job.awaitOutcomes(1, run);
    }
    RecordMetadata bad =
        job.send(new ProducerRecord<>(job.definition.topics().deadLetters(), new byte[] {1}));
    String position = bad.partition() + "@" + bad.offset();

    CommandFixture told = redrive("--create-topics");
    CommandFixture again = redrive("--json", "--reason", "DEADLINE");

    assertThat(told.exitCode()).as("something is left to be done").isEqualTo(1);
    assertThat(told.out())
        .contains("1 letter sent again")
        .contains("1 records of the topic are no dead letters")
        .contains(position + " can't be read: ");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.out()).contains("\"unreadable\" : 1", "\"position\" : \"" + position + "\"");
  }

  private String topic(String kind, Map<String, String> configs) throws Exception {
    String name = job.settings.name() + "-" + kind;
    try (Admin admin = Admin.create(ServicesExtension.kafka().properties())) {
      admin
          .createTopics(
              List.of(new NewTopic(name, Optional.of(1), Optional.empty()).configs(configs)))
          .all()
          .get();
    }
    return name;
  }

  private void assertCounted() throws IOException {
    Path originals = directory.resolve("originals");
    CommandFixture counted = deadLetters();
    CommandFixture listed =
        deadLetters("--json", "--reason", "UNDECODABLE", "--show-original", originals.toString());

    assertThat(counted.exitCode()).as(counted.err()).isZero();
    assertThat(counted.out())
        .contains((DOCUMENTS + 1) + " dead letters")
        .containsPattern("SCHEMA_UNKNOWN +decode +mood +" + DOCUMENTS)
        .containsPattern("UNDECODABLE +decode +mood +1 +0")
        .doesNotContain("charged");
    assertThat(listed.out()).contains("\"reason\" : \"UNDECODABLE\"", "\"attempts\" : 1");
    try (Stream<Path> files = Files.list(originals)) {
      assertThat(files)
          .singleElement()
          .satisfies(file -> assertThat(file).hasBinaryContent(new byte[] {1, 2, 3}));
    }
  }

  private void assertCameBackAsTheyWere(List<ProducerRecord<byte[], byte[]>> sent) {
    List<ConsumerRecord<byte[], byte[]>> again =
        documents().stream()
            .filter(record -> record.headers().lastHeader(AttemptsHeader.NAME) != null)
            .toList();
    assertThat(again).hasSameSizeAs(sent);
    for (ProducerRecord<byte[], byte[]> original : sent) {
      ConsumerRecord<byte[], byte[]> record =
          again.stream()
              .filter(candidate -> candidate.timestamp() == original.timestamp())
              .findFirst()
              .orElseThrow();
      assertThat(record.key()).isEqualTo(original.key());
      assertThat(record.value()).isEqualTo(original.value());
      assertThat(record.partition()).isEqualTo(original.partition());
      List<Header> headers = List.of(record.headers().toArray());
      assertThat(headers.subList(0, headers.size() - 1))
          .containsExactly(original.headers().toArray());
      assertThat(headers.get(headers.size() - 1).value()).isEqualTo(AttemptsHeader.value(1));
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> documents() {
    return TopicRecords.committed(ServicesExtension.kafka(), job.definition.topics().documents());
  }

  private ProducerRecord<byte[], byte[]> record(
      int partition, long timestamp, String key, byte[] value) {
    return new ProducerRecord<>(
        job.definition.topics().documents(),
        partition,
        timestamp,
        key.getBytes(StandardCharsets.UTF_8),
        value);
  }

  private CommandFixture redrive(String... options) {
    return command("redrive", options);
  }

  private CommandFixture deadLetters(String... options) {
    return command("deadletters", options);
  }

  private CommandFixture command(String name, String... options) {
    List<String> arguments = new ArrayList<>(RedriveCommandLine.of(name, job));
    arguments.addAll(List.of(options));
    return CommandFixture.run(arguments.toArray(String[]::new));
  }

  /** Registers the document's schema with one more field, which gives it an id of its own. */
  private int schemaOfItsOwn() throws IOException {
    Schema document = Document.getClassSchema();
    Schema schema =
        Schema.createRecord(
            document.getName(), "Again, for a test.", document.getNamespace(), false);
    schema.setFields(
        document.getFields().stream()
            .map(field -> new Schema.Field(field, field.schema()))
            .toList());
    schema.addProp("test", job.settings.name());
    try (SchemaRegistryClient client = ServicesExtension.registry().connect()) {
      return new SchemaRegistration(client, ServicesExtension.registry().address())
          .ensureRegistered(job.settings.name() + "-evolved-value", schema, true);
    }
  }
}
