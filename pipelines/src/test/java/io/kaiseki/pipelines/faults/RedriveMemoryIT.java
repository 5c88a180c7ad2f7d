package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.pipelines.deadletters.Fate;
import io.kaiseki.pipelines.deadletters.LetterFilter;
import io.kaiseki.pipelines.deadletters.LetterTopic;
import io.kaiseki.pipelines.deadletters.RedriveListener;
import io.kaiseki.pipelines.deadletters.RedriveReport;
import io.kaiseki.pipelines.deadletters.RedriveRequest;
import io.kaiseki.pipelines.deadletters.Redriver;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import io.kaiseki.schemas.registry.SchemaRegistration;
import io.kaiseki.schemas.wire.AvroEncoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a redrive holds at a time, when the records of its letters are large. */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class RedriveMemoryIT {

  private static final int RECORD_BYTES = 900_000;

  /** The record with which they reach 16 MiB. */
  private static final int REACHES = 19;

  @TempDir Path directory;

  private JobFixture job;

  @BeforeEach
  void topics() {
    job =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"));
  }

  @AfterEach
  void end() {
    job.close();
  }

  @Test
  void a_transaction_ends_where_its_records_reach_16_mib_however_few_they_are() throws Exception {
    writeLetters(REACHES + 2);
    List<Integer> transactions = new ArrayList<>();

    RedriveReport report =
        Redriver.run(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            LetterTopic.find(ServicesExtension.kafka(), job.definition.topics().deadLetters())
                .withLog(ServicesExtension.kafka()),
            new RedriveRequest(
                LetterFilter.all(),
                Optional.empty(),
                OptionalLong.empty(),
                RedriveRequest.DEFAULT_MAX_ATTEMPTS,
                false,
                RedriveRequest.DEFAULT_BATCH),
            new RedriveListener() {
              @Override
              public void read(long done, long total) {}

              @Override
              public void committing(int letters) {
                transactions.add(letters);
              }
            });

    assertThat(report.count(Fate.SENT)).isEqualTo(REACHES + 2);
    assertThat(transactions).containsExactly(REACHES, 2);
  }

  private void writeLetters(int count) throws Exception {
    String topic = job.definition.topics().deadLetters();
    try (SchemaRegistryClient registry = ServicesExtension.registry().connect()) {
      AvroEncoder letters =
          new AvroEncoder(
              new SchemaRegistration(registry, ServicesExtension.registry().address())
                  .ensureRegistered(topic + "-value", DeadLetter.getClassSchema(), true),
              DeadLetter.getClassSchema());
      for (int i = 0; i < count; i++) {
        job.send(new ProducerRecord<>(topic, 0, null, letters.encode(letter(i))));
      }
    }
  }

  private DeadLetter letter(long offset) {
    return DeadLetter.newBuilder()
        .setDocumentId("d")
        .setReason(DeadLetterReason.UNDECODABLE)
        .setMessage("what happened")
        .setStage("decode")
        .setAnalysis(job.definition.name())
        .setAnalysisVersion(job.definition.version())
        .setSourceTopic(job.definition.topics().documents())
        .setSourcePartition(0)
        .setSourceOffset(offset)
        .setSourceTimestamp(Instant.now())
        .setFailedAt(Instant.now())
        .setOriginalValue(ByteBuffer.allocate(RECORD_BYTES))
        .build();
  }
}
