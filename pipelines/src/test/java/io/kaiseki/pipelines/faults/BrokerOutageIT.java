package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ServicesExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A broker that freezes, and one that is killed and comes back. */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class BrokerOutageIT {

  private static final int DOCUMENTS = 60;

  /** Fewer than the restarts that the job may have in a row. */
  private static final int OUTAGES = 2;

  /** The profile faults takes half a minute. */
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("kaiseki.faults.outage", 5));

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private final CountedEngine engine = new CountedEngine(TinyEngine.source());

  @Test
  void documents_in_flight_survive_a_broker_that_freezes_and_one_that_is_killed() throws Exception {
    try (BrokerProcess broker = new BrokerProcess(directory.resolve("broker"));
        JobFixture job =
            new JobFixture(
                KafkaSettings.plain(broker.bootstrapServers()),
                ServicesExtension.registry(),
                directory.resolve("checkpoints"));
        JobRun run = job.start(engine)) {
      sendAndAwaitFirst(job, run);
      broker.freeze();
      Instant thaw = Instant.now().plus(OUTAGE);
      job.await(() -> Instant.now().isAfter(thaw), run);
      broker.thaw();
      job.await(() -> job.outcomes.size() >= ledger.size(), run);

      sendAndAwaitFirst(job, run);
      broker.kill();
      broker.restart();
      job.await(() -> job.outcomes.size() >= ledger.size(), run);

      sendAndAwaitFirst(job, run);
      job.awaitOutcomes(ledger.size(), run);
      assertThat(run.status()).contains(JobStatus.RUNNING);
      ledger.assertSettledBy(job.outcomes);
      assertThat(engine.opened())
          .as("subtasks opened, at first and by one restart for each outage")
          .isLessThanOrEqualTo(job.settings.parallelism() * (1 + OUTAGES));
    }
  }

  /** Sends documents and returns when the job is in the midst of them. */
  private void sendAndAwaitFirst(JobFixture job, JobRun run) {
    for (int i = 0; i < DOCUMENTS; i++) {
      String id = "d" + ledger.size();
      ledger.document(job.send(id, job.encode(id, "Order " + i, "It has not arrived.")), id);
    }
    job.await(() -> job.outcomes.size() > ledger.size() - DOCUMENTS, run);
  }
}
