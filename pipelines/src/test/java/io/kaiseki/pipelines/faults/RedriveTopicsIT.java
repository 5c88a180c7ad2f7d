package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.cli.CommandFixture;
import io.kaiseki.pipelines.deadletters.LetterTopic;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TopicRecords;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Topics that a redrive believes, when they were made anew or forget. */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class RedriveTopicsIT {

  /** Recent enough for topics that keep records for a week. */
  private static final long TIMESTAMP = System.currentTimeMillis() - 3_600_000;

  @TempDir Path directory;

  private JobFixture job;
  private Admin admin;
  private AvroEncoder letters;

  @BeforeEach
  void topics() throws Exception {
    job =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"));
    admin = Admin.create(ServicesExtension.kafka().properties());
    try (SchemaRegistryClient registry = ServicesExtension.registry().connect()) {
      letters =
          new AvroEncoder(
              new SchemaRegistration(registry, ServicesExtension.registry().address())
                  .ensureRegistered(deadLetters() + "-value", DeadLetter.getClassSchema(), true),
              DeadLetter.getClassSchema());
    }
  }

  @AfterEach
  void end() {
    admin.close();
    job.close();
  }

  @Test
  void letters_of_a_topic_that_was_made_anew_are_not_those_that_were_sent_before()
      throws Exception {
    RecordMetadata source = document(TIMESTAMP, "d");
    RecordMetadata first = write(letter(source).setOriginalValue(bytes("d")));
    assertThat(redrive("--create-topics").out()).contains("1 letter sent again");
    assertThat(redrive().out()).contains("0 letters sent again", "1 sent before");

    makeAnew(deadLetters());
    RecordMetadata another = write(letter(source).setOriginalValue(bytes("d")));
    assertThat(Ledger.coordinates(another)).isEqualTo(Ledger.coordinates(first));

    assertThat(redrive().out()).contains("1 letter sent again");
    assertThat(documents()).as("once as it was sent at first, and once for each letter").hasSize(3);
  }

  @Test
  void another_record_where_that_of_a_letter_stood_is_not_sent_in_its_place() throws Exception {
    RecordMetadata source = document(TIMESTAMP, "d");
    write(letter(source).setOriginalOmitted(true));
    assertThat(redrive("--dry-run").out()).contains("1 letter would be sent again");

    makeAnew(source.topic());
    RecordMetadata other = document(TIMESTAMP + 1, "another");
    assertThat(Ledger.coordinates(other)).isEqualTo(Ledger.coordinates(source));

    CommandFixture ran = redrive("--create-topics");

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out())
        .contains("0 letters sent again", "1 record gone")
        .contains(Ledger.coordinates(source) + " is no longer there");
    assertThat(documents()).singleElement().satisfies(one -> assertThat(one.offset()).isZero());
  }

  @Test
  void a_log_that_forgets_what_was_sent_is_refused_before_anything_is_sent() throws Exception {
    String log = LetterTopic.logTopic(deadLetters());
    create(
        log,
        1,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            "7200000"));
    write(letter(document(TIMESTAMP, "d")).setOriginalValue(bytes("d")));

    CommandFixture refused = redrive("--create-topics");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("topics.dead-letters = " + deadLetters())
        .contains("the topic " + log + " forgets what was sent again after 2 h")
        .contains("set its cleanup.policy to compact");
    assertThat(documents()).as("nothing is sent").hasSize(1);

    set(log, TopicConfig.RETENTION_MS_CONFIG, "-1");
    set(log, TopicConfig.RETENTION_BYTES_CONFIG, "1048576");
    assertThat(redrive().err()).contains("forgets what was sent again beyond 1048576 bytes");
    assertThat(documents()).as("nothing is sent").hasSize(1);

    set(log, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    assertThat(redrive().out()).contains("1 letter sent again");
  }

  private RecordMetadata document(long timestamp, String value) {
    return job.send(
        new ProducerRecord<>(
            job.definition.topics().documents(),
            0,
            timestamp,
            value.getBytes(StandardCharsets.UTF_8),
            value.getBytes(StandardCharsets.UTF_8)));
  }

  /** A letter of a record that was sent with the usual timestamp, as a job would write it. */
  private DeadLetter.Builder letter(RecordMetadata source) {
    return DeadLetter.newBuilder()
        .setDocumentId("d")
        .setReason(DeadLetterReason.UNDECODABLE)
        .setMessage("what happened")
        .setStage("decode")
        .setAnalysis(job.definition.name())
        .setAnalysisVersion(job.definition.version())
        .setSourceTopic(source.topic())
        .setSourcePartition(source.partition())
        .setSourceOffset(source.offset())
        .setSourceTimestamp(Instant.ofEpochMilli(TIMESTAMP))
        .setFailedAt(Instant.now());
  }

  private RecordMetadata write(DeadLetter.Builder letter) {
    return job.send(new ProducerRecord<>(deadLetters(), 0, null, letters.encode(letter.build())));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private String deadLetters() {
    return job.definition.topics().deadLetters();
  }

  private List<ConsumerRecord<byte[], byte[]>> documents() {
    return TopicRecords.committed(ServicesExtension.kafka(), job.definition.topics().documents());
  }

  private CommandFixture redrive(String... options) {
    List<String> arguments = new ArrayList<>(RedriveCommandLine.of("redrive", job));
    arguments.addAll(List.of(options));
    return CommandFixture.run(arguments.toArray(String[]::new));
  }

  private void makeAnew(String topic) throws Exception {
    admin.deleteTopics(List.of(topic)).all().get();
    // The broker may not have let go of the old one yet.
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(
            () -> {
              create(topic, 2, Map.of());
              return true;
            });
  }

  private void create(String topic, int partitions, Map<String, String> configs) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
        .all()
        .get();
  }

  private void set(String topic, String key, String value) throws Exception {
    AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
        .all()
        .get();
  }
}
