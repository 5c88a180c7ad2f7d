package io.kaiseki.pipelines.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.DeliverySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

  @TempDir Path parent;
  private Path directory;
  private String checkpoints;

  /** Flink takes the name as it is, whatever a URI would make of it. */
  @BeforeEach
  void a_directory_with_an_odd_name() throws IOException {
    directory = Files.createDirectory(parent.resolve("Jürgens 100% sichere"));
    checkpoints = DeliverySettings.address(directory);
  }

  @Test
  void the_checkpoints_of_a_streaming_job_are_not_taken_for_those_of_a_run() throws IOException {
    checkpoint("live");

    assertThat(RunDirectory.isOfAnotherJob(checkpoints, "live")).isTrue();
    assertThat(RunDirectory.isOfAnotherJob(checkpoints, "new")).isFalse();
  }

  @Test
  void a_run_goes_on_from_its_checkpoint_in_its_own_directory() throws IOException {
    try (RunDirectory run = RunDirectory.open(checkpoints, "mine").orElseThrow()) {
      run.begin(new RunRecord("fingerprint", "cluster", 1, List.of()));
      checkpoint("mine");
    }

    assertThat(RunDirectory.isOfAnotherJob(checkpoints, "mine")).isFalse();
    try (RunDirectory run = RunDirectory.open(checkpoints, "mine").orElseThrow()) {
      assertThat(run.record()).hasValueSatisfying(begun -> assertThat(begun.documents()).isOne());
      assertThat(run.checkpoint())
          .hasValueSatisfying(
              found -> assertThat(found).isEqualTo("file:" + directory + "/mine/job/chk-1"));
    }
  }

  @Test
  void a_run_that_has_ended_leaves_nothing_behind() throws IOException {
    try (RunDirectory run = RunDirectory.open(checkpoints, "mine").orElseThrow()) {
      checkpoint("mine");
      run.finish();
    }

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void a_run_goes_on_with_the_same_analysis_on_the_same_cluster_only() {
    RunRecord begun = new RunRecord("fingerprint", "staging", 1, List.of());

    assertThat(begun.mismatch("fingerprint", Optional.of("staging"))).isEmpty();
    assertThat(begun.mismatch("fingerprint", Optional.empty())).isEmpty();
    assertThat(begun.mismatch("other", Optional.of("staging")))
        .hasValueSatisfying(why -> assertThat(why).contains("another analysis, source or options"));
    assertThat(begun.mismatch("fingerprint", Optional.of("prod")))
        .hasValueSatisfying(
            why -> assertThat(why).contains("another Kafka cluster (staging, and this is prod)"));
  }

  @Test
  void a_run_whose_cluster_was_not_kept_goes_on() {
    RunRecord begun = new RunRecord("fingerprint", null, 1, List.of());

    assertThat(begun.mismatch("fingerprint", Optional.of("prod"))).isEmpty();
  }

  private void checkpoint(String job) throws IOException {
    Path checkpoint = Files.createDirectories(directory.resolve(job).resolve("job/chk-1"));
    Files.createFile(checkpoint.resolve("_metadata"));
  }
}
