package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.pipelines.cli.CommandFixture;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.deadletters.Fate;
import io.kaiseki.pipelines.deadletters.LetterFilter;
import io.kaiseki.pipelines.deadletters.LetterTopic;
import io.kaiseki.pipelines.deadletters.RedriveListener;
import io.kaiseki.pipelines.deadletters.RedriveReport;
import io.kaiseki.pipelines.deadletters.RedriveRequest;
import io.kaiseki.pipelines.deadletters.Redriver;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TopicRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A redrive ends when the broker has the records of a transaction, and before they are committed.
 */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
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
    writeLetters();
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
    assertThatEachRecordIsThereTwice();
    assertThatAJobReadsWhatWasCommittedOnly();
  }

  @Test
  void a_redrive_that_another_one_overtakes_ends_and_nothing_is_sent_twice() {
    writeLetters();
    KafkaSettings kafka = ServicesExtension.kafka();
    RedriveRequest all =
        new RedriveRequest(
            LetterFilter.all(), Optional.empty(), OptionalLong.empty(), 3, false, BATCH);
    LetterTopic topic =
        LetterTopic.find(kafka, job.definition.topics().deadLetters()).withLog(kafka);
    List<RedriveReport> overtaking = new ArrayList<>();
    RedriveListener overtakenInTheSecondTransaction =
        new RedriveListener() {
          private int transactions;

          @Override
          public void read(long done, long total) {}

          @Override
          public void committing(int letters) {
            if (++transactions == 2) {
              overtaking.add(
                  Redriver.run(
                      kafka, ServicesExtension.registry(), topic, all, RedriveListener.NONE));
            }
          }
        };

    assertThatThrownBy(
            () ->
                Redriver.run(
                    kafka,
                    ServicesExtension.registry(),
                    topic,
                    all,
                    overtakenInTheSecondTransaction))
        .hasMessageContaining("another redrive")
        .hasMessageContaining("nothing is lost or sent twice");

    assertThat(overtaking).hasSize(1);
    assertThat(overtaking.get(0).count(Fate.SENT_BEFORE)).isEqualTo(BATCH);
    assertThat(overtaking.get(0).count(Fate.SENT)).isEqualTo(LETTERS - BATCH);
    assertThatEachRecordIsThereTwice();
  }

  private void writeLetters() {
    for (int i = 0; i < LETTERS; i++) {
      job.send("broken" + i, new byte[] {1, (byte) i});
    }
    try (JobRun run = job.start(TinyEngine.source())) {
      job.await(() -> job.outcomes.size() == LETTERS, run);
    }
  }

  /** Once as it was sent at first, and once as it was sent again. */
  private void assertThatEachRecordIsThereTwice() {
    assertThat(
            TopicRecords.committed(ServicesExtension.kafka(), job.definition.topics().documents())
                .stream()
                .map(record -> (int) record.value()[1]))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 2 * LETTERS).map(i -> i / 2).boxed().toList());
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
