package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.pipelines.demo.Breakage;
import io.kaiseki.pipelines.demo.BrokenPayload;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.schemas.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are no document, or no longer the one that was sent. */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class CorruptRecordsIT {

  private static final long SEED = 7;
  private static final int HEADER_BYTES = 5;

  /** Records of each kind; {@code mvn -Psoak} takes many more. */
  private static final int RECORDS = Integer.getInteger("kaiseki.soak.records", 200);

  /** Outcomes that are waited for at a time, so that many records have much time. */
  private static final int ROUND = 400;

  private static final String CONNECT = "__connect.errors.";

  /** A record and what must become of it. */
  private record Sent(
      ProducerRecord<byte[], byte[]> record,
      RecordMetadata metadata,
      @Nullable FailureReason expected) {}

  @TempDir Path checkpoints;

  private final Random random = new Random(SEED);
  private final Ledger ledger = new Ledger();
  private final Map<String, Sent> sent = new HashMap<>();
  private final CountedEngine engine = new CountedEngine(TinyEngine.source());
  private JobFixture job;

  @BeforeEach
  void topics() {
    job = new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
  }

  @AfterEach
  void end() {
    job.close();
  }

  @Test
  void every_kind_of_breakage_becomes_a_dead_letter_that_gives_the_record_back() throws Exception {
    byte[] valid = document("d");
    for (Breakage breakage : Breakage.values()) {
      BrokenPayload broken = breakage.applyTo(valid);
      send(broken.value(), broken.expected());
    }
    send(null, FailureReason.UNDECODABLE);
    send(Arrays.copyOf(valid, valid.length + 3), FailureReason.UNDECODABLE);
    send(Arrays.copyOf(valid, HEADER_BYTES), FailureReason.UNDECODABLE);
    send(Arrays.copyOf(valid, 3), FailureReason.UNDECODABLE);
    byte[] noise = new byte[10_000_000];
    random.nextBytes(noise);
    noise[0] = 1;
    // Ten megabytes that do not compress.
    send(noise, FailureReason.UNDECODABLE);
    ledger.document(send(valid, null), "d");

    run();

    assertThat(job.outcomes).filteredOn(Received.Answered.class::isInstance).hasSize(1);
    for (Received outcome : job.outcomes) {
      Sent original = sent.get(outcome.source());
      if (original.expected() != null) {
        assertGivesBack((Received.Dead) outcome, original);
        assertReadableWithNothingButTheRegistry((Received.Dead) outcome, original.expected());
      }
    }
  }

  @Test
  void random_damage_and_random_bytes_end_once_each_and_never_stop_the_job() throws Exception {
    for (int i = 0; i < RECORDS; i++) {
      send(mutated(document("m" + i)), null);
    }
    byte[] valid = document("r");
    for (int i = 0; i < RECORDS; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        // Behind a good header, so that they get as far as Avro.
        System.arraycopy(valid, 0, bytes, 0, Math.min(HEADER_BYTES, bytes.length));
      }
      send(bytes, null);
    }

    run();

    for (Received outcome : job.outcomes) {
      if (outcome instanceof Received.Dead dead) {
        assertGivesBack(dead, sent.get(outcome.source()));
      }
    }
    assertThat(job.outcomes)
        .hasAtLeastOneElementOfType(Received.Answered.class)
        .hasAtLeastOneElementOfType(Received.Dead.class);
  }

  private void run() {
    try (JobRun run = job.start(engine)) {
      for (int seen = ROUND; seen < ledger.size(); seen += ROUND) {
        int soFar = seen;
        job.await(() -> job.outcomes.size() >= soFar, run);
      }
      job.awaitOutcomes(ledger.size(), run);
      assertThat(run.status()).contains(JobStatus.RUNNING);
    }
    ledger.assertSettledBy(job.outcomes);
    assertThat(engine.opened()).as("subtasks opened").isEqualTo(job.settings.parallelism());
  }

  private byte[] document(String id) {
    return job.encode(id, "Refund", "I was charged twice \u20ac 17.50 for order 4711.");
  }

  /** Sends it with a key, headers and a timestamp of its own; some have none. */
  private RecordMetadata send(byte @Nullable [] value, @Nullable FailureReason expected) {
    byte[] key = new byte[1 + random.nextInt(20)];
    random.nextBytes(key);
    boolean plain = random.nextInt(5) == 0;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            job.definition.topics().documents(),
            null,
            1_600_000_000_000L + random.nextInt(),
            plain ? null : key,
            value);
    if (!plain) {
      record.headers().add("trace", key).add("trace", null).add("", new byte[0]);
      record.headers().add(CONNECT + "topic", "an earlier one".getBytes(StandardCharsets.UTF_8));
    }
    RecordMetadata metadata = job.send(record);
    ledger.undecodable(metadata);
    sent.put(Ledger.coordinates(metadata), new Sent(record, metadata, expected));
    return metadata;
  }

  private byte[] mutated(byte[] valid) {
    byte[] bytes = valid.clone();
    for (int damage = random.nextInt(4); damage >= 0; damage--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xff);
        default -> bytes = inserted(bytes, at);
      }
    }
    return bytes;
  }

  private byte[] inserted(byte[] bytes, int at) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
    longer[at] = (byte) random.nextInt();
    return longer;
  }

  private void assertGivesBack(Received.Dead dead, Sent original) {
    DeadLetter letter = dead.letter();
    ProducerRecord<byte[], byte[]> record = original.record();
    assertThat(bytes(letter.getOriginalValue())).isEqualTo(record.value());
    assertThat(bytes(letter.getOriginalKey())).isEqualTo(record.key());
    assertThat(dead.record().key()).isEqualTo(record.key());
    assertThat(letter.getSourceTimestamp().toEpochMilli()).isEqualTo(record.timestamp());
    assertThat(dead.record().timestamp()).isEqualTo(record.timestamp());
    assertThat(letter.getSourceTopic()).isEqualTo(original.metadata().topic());
    assertThat(letter.getSourcePartition()).isEqualTo(original.metadata().partition());
    assertThat(letter.getSourceOffset()).isEqualTo(original.metadata().offset());
    assertHeaders(dead, List.of(record.headers().toArray()));
    assertThat(connect(dead, "topic")).isEqualTo(original.metadata().topic());
    assertThat(connect(dead, "partition")).isEqualTo("" + original.metadata().partition());
    assertThat(connect(dead, "offset")).isEqualTo("" + original.metadata().offset());
    assertThat(connect(dead, "connector.name")).isEqualTo(job.settings.name());
    assertThat(connect(dead, "stage")).isEqualTo(letter.getStage());
    assertThat(connect(dead, "exception.class.name")).isEqualTo(letter.getReason().name());
    assertThat(connect(dead, "exception.message")).isEqualTo(letter.getMessage());
    if (original.expected() != null) {
      assertThat(letter.getReason().name()).isEqualTo(original.expected().name());
      assertThat(letter.getStage()).isEqualTo("decode");
      assertThat(letter.getDocumentId()).isNull();
    }
  }

  private static void assertHeaders(Received.Dead dead, List<Header> original) {
    List<Header> record = List.of(dead.record().headers().toArray());
    List<io.kaiseki.schemas.RecordHeader> typed = dead.letter().getOriginalHeaders();
    assertThat(record).hasSizeGreaterThan(original.size());
    assertThat(typed).hasSameSizeAs(original);
    for (int i = 0; i < original.size(); i++) {
      assertThat(record.get(i).key()).isEqualTo(original.get(i).key());
      assertThat(record.get(i).value()).isEqualTo(original.get(i).value());
      assertThat(typed.get(i).getKey()).isEqualTo(original.get(i).key());
      assertThat(bytes(typed.get(i).getValue())).isEqualTo(original.get(i).value());
    }
    assertThat(record.subList(original.size(), record.size()))
        .allMatch(header -> header.key().startsWith(CONNECT));
  }

  /** As a reader who has Avro and the registry, and no class of this product. */
  private static void assertReadableWithNothingButTheRegistry(
      Received.Dead dead, FailureReason reason) throws Exception {
    byte[] value = dead.record().value();
    try (SchemaRegistryClient registry = ServicesExtension.registry().connect()) {
      AvroSchema schema =
          (AvroSchema) registry.getSchemaById(ByteBuffer.wrap(value, 1, 4).getInt());
      GenericRecord letter =
          new GenericDatumReader<GenericRecord>(schema.rawSchema())
              .read(
                  null,
                  DecoderFactory.get()
                      .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
      assertThat(letter.get("reason")).hasToString(reason.name());
      assertThat(letter.get("sourceOffset")).isEqualTo(dead.letter().getSourceOffset());
      assertThat(letter.get("message")).hasToString(dead.letter().getMessage());
    }
  }

  private static String connect(Received.Dead dead, String name) {
    Header header = Objects.requireNonNull(dead.record().headers().lastHeader(CONNECT + name));
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
