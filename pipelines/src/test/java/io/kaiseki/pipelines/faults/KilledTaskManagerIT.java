package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.RestartSettings;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.RemoteJob;
import io.kaiseki.pipelines.job.ServicesExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process of the tasks is killed (SIGKILL), while that of the job manager lives on and lets the
 * job begin again from its newest checkpoint in the next process.
 */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class KilledTaskManagerIT {

  private static final long SEED = 20_261_128;

  /** Kills at random moments, besides those amid a commit. The long form takes more. */
  private static final int RANDOM_KILLS = Integer.getInteger("kaiseki.faults.kills", 1);

  private static final int DOCUMENTS = 40;

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private final Ledger ledger = new Ledger();
  private CommitGate gate;
  private JobFixture job;
  private FlinkProcesses flink;
  private JobClient client;

  @BeforeEach
  void cluster() throws IOException {
    gate = new CommitGate(ServicesExtension.kafka().bootstrapServers());
    job =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"));
    flink = new FlinkProcesses(directory.resolve("flink"));
  }

  @AfterEach
  void end() throws IOException {
    flink.close();
    job.close();
    gate.close();
  }

  @Test
  void a_task_manager_killed_at_any_point_and_amid_a_commit_loses_and_repeats_nothing()
      throws Exception {
    send();
    submit();
    await(() -> job.outcomes.size() >= DOCUMENTS / 2);
    for (int kill = 0; kill < RANDOM_KILLS; kill++) {
      send();
      int goal = job.outcomes.size() + random.nextInt(DOCUMENTS);
      await(() -> job.outcomes.size() >= goal);
      replaceTaskManager();
    }
    for (CommitGate.Side side : CommitGate.Side.values()) {
      await(() -> job.outcomes.size() == ledger.size());
      send();
      gate.holdNextCommit(side).get(5, TimeUnit.MINUTES);
      replaceTaskManager();
    }

    send();
    await(() -> job.outcomes.size() >= ledger.size());
    job.settle(this::assertAlive);
    ledger.assertSettledBy(job.outcomes);
    assertThat(client.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
  }

  private void submit() throws Exception {
    // One restart for each kill, and some for tasks that find the broker's gate in disorder.
    JobSettings through =
        new JobSettings(
            job.settings.name(),
            KafkaSettings.plain(gate.bootstrapServers()),
            job.settings.registry(),
            job.settings.delivery(),
            new RestartSettings(
                3 * (RANDOM_KILLS + 2), Duration.ofMillis(100), Duration.ofSeconds(1)),
            job.settings.parallelism());
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .ignoreExceptions()
        .failFast("see target/*-manager*.log", () -> !flink.alive())
        .until(
            () -> {
              client = RemoteJob.submit(job.job(through, TinyEngine.source()), flink.restPort());
              return true;
            });
  }

  private void replaceTaskManager() throws Exception {
    flink.killTaskManager();
    flink.startTaskManager();
  }

  private void send() {
    for (int i = 0; i < DOCUMENTS; i++) {
      String id = "d" + ledger.size();
      ledger.document(job.send(id, job.encode(id, "Order " + i, "It has not arrived.")), id);
    }
  }

  private void assertAlive() {
    assertThat(flink.alive()).as("see target/*-manager*.log").isTrue();
  }

  private void await(BooleanSupplier condition) {
    Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofMinutes(5))
        .until(
            () -> {
              assertAlive();
              job.poll(Duration.ofMillis(100));
              return condition.getAsBoolean();
            });
  }
}
