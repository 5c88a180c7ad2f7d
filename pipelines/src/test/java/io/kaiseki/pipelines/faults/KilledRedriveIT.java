package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.cli.CommandFixture;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TopicRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A redrive is killed (SIGKILL) when the broker has the records of a transaction, uncommitted. */
@ExtendWith(ServicesExtension.class)
class KilledRedriveIT {

  private static final int LETTERS = 30;
  private static final int BATCH = 4;
  private static final int COMMITTED = 2 * BATCH;

  @TempDir Path directory;

  private JobFixture job;
  private Process process;

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
    if (process != null) {
      process.destroyForcibly();
    }
    job.close();
  }

  @Test
  void a_redrive_that_was_killed_and_run_again_has_lost_and_doubled_nothing() throws Exception {
    for (int i = 0; i < LETTERS; i++) {
      job.send("broken" + i, new byte[] {1, (byte) i});
    }
    try (JobRun run = job.start(TinyEngine.source())) {
      job.awaitOutcomes(LETTERS, run);
    }
    killInTheThirdTransaction();
    assertThat(written())
        .as("records, those of no commit too")
        .hasSize(LETTERS + COMMITTED + BATCH);

    CommandFixture again =
        CommandFixture.run(RedriveCommandLine.of("redrive", job).toArray(String[]::new));

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out())
        .contains((LETTERS - COMMITTED) + " letters sent again")
        .contains(COMMITTED + " sent before");
    assertThat(
            TopicRecords.committed(ServicesExtension.kafka(), job.definition.topics().documents())
                .stream()
                .map(record -> (int) record.value()[1]))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 2 * LETTERS).map(i -> i / 2).boxed().toList());
    assertThatAJobReadsWhatWasCommittedOnly();
  }

  private void killInTheThirdTransaction() throws Exception {
    Path log = Path.of("target", "killed-redrive.log").toAbsolutePath();
    process =
        KilledRedrive.start(
            ServicesExtension.kafka().bootstrapServers(),
            ServicesExtension.registry().address(),
            job.definition.topics().deadLetters(),
            BATCH,
            COMMITTED / BATCH + 1,
            log);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              String printed = Files.readString(log);
              assertThat(process.isAlive()).as(printed).isTrue();
              return printed.contains(KilledRedrive.HOLDS);
            });
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  private void assertThatAJobReadsWhatWasCommittedOnly() {
    try (JobRun run = job.start(TinyEngine.source())) {
      job.awaitOutcomes(2 * LETTERS, run);
    }
    assertThat(job.outcomes).hasSize(2 * LETTERS).allMatch(Received.Dead.class::isInstance);
    assertThat(job.outcomes)
        .extracting(outcome -> ((Received.Dead) outcome).letter().getAttempts())
        .filteredOn(attempts -> attempts == 2)
        .hasSize(LETTERS);
  }

  private List<ConsumerRecord<byte[], byte[]>> written() {
    return TopicRecords.written(ServicesExtension.kafka(), job.definition.topics().documents());
  }
}
