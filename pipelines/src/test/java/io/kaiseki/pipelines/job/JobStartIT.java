package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A job begins only where nothing is lost by it. */
@ExtendWith(ServicesExtension.class)
class JobStartIT {

  @TempDir Path checkpoints;

  private final List<ConfigurationProblem> problems = new ArrayList<>();

  @Test
  void a_job_that_has_read_documents_wants_its_checkpoint_unless_told_otherwise() {
    try (JobFixture job = fixture()) {
      require(job, new JobRun.Restore.Latest(), Optional.empty());
      assertThat(problems).as("it has never run").isEmpty();

      job.send("d", job.encode("d", "title", "body"));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        job.awaitOutcomes(1, run);
        Awaitility.await()
            .until(
                () -> {
                  problems.clear();
                  require(job, new JobRun.Restore.Latest(), Optional.empty());
                  return !problems.isEmpty();
                });
      }

      assertThat(problems)
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.key()).isEqualTo("job.checkpoints");
                assertThat(problem.toString())
                    .contains(
                        job.settings.name(), job.definition.topics().documents(), "--restore");
              });
      problems.clear();
      require(job, new JobRun.Restore.Nothing(), Optional.empty());
      require(job, new JobRun.Restore.Latest(), Optional.of("file:/a/checkpoint"));
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void a_transaction_longer_than_the_broker_allows_is_told_with_both_values() {
    try (JobFixture job = fixture()) {
      establish(job, DeliverySettings.Guarantee.EXACTLY_ONCE, Duration.ofMinutes(15));
      establish(job, DeliverySettings.Guarantee.AT_LEAST_ONCE, Duration.ofMinutes(16));
      assertThat(problems).as("as long as it allows, and none at all").isEmpty();

      establish(job, DeliverySettings.Guarantee.EXACTLY_ONCE, Duration.ofMinutes(16));

      assertThat(problems)
          .singleElement()
          .asString()
          .startsWith("job.transaction-timeout = 16m: longer than the broker allows")
          .contains("(transaction.max.timeout.ms = 900000)");
    }
  }

  private void establish(
      JobFixture job, DeliverySettings.Guarantee guarantee, Duration transactionTimeout) {
    DeliverySettings usual = job.settings.delivery();
    JobSettings settings =
        new JobSettings(
            job.settings.name(),
            job.settings.kafka(),
            job.settings.registry(),
            new DeliverySettings(
                guarantee,
                usual.checkpoints(),
                usual.checkpointInterval(),
                usual.checkpointTimeout(),
                transactionTimeout),
            job.settings.restart(),
            job.settings.parallelism());
    new Readiness(job.definition, settings, Readiness.Permissions.NONE).establish(problems);
  }

  private void require(JobFixture job, JobRun.Restore restore, Optional<String> found) {
    JobStart.requireCheckpoint(job.definition, job.settings, restore, found, problems);
  }

  private JobFixture fixture() {
    return new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
  }
}
