package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job runs in one process at a time. */
class JobLockTest {

  private static final String JOB = "triage";

  @TempDir Path checkpoints;

  private final List<ConfigurationProblem> problems = new ArrayList<>();

  @Test
  void a_job_that_runs_in_another_process_is_refused_until_that_has_ended() throws Exception {
    Process other = LockedJob.start(JOB, checkpoints);
    try {
      assertThatTheJobIsRefused();
    } finally {
      other.destroyForcibly().waitFor();
    }
    problems.clear();

    try (DirectoryLock lock =
        JobStart.lock(LockedJob.settings(JOB, checkpoints), problems).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void a_job_that_runs_in_this_process_is_refused() throws Exception {
    try (DirectoryLock lock =
        JobStart.lock(LockedJob.settings(JOB, checkpoints), problems).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThatTheJobIsRefused();
    }
  }

  @Test
  void a_refusal_in_this_process_had_left_the_running_job_to_another_process() throws Exception {
    try (DirectoryLock lock =
        JobStart.lock(LockedJob.settings(JOB, checkpoints), problems).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThatTheJobIsRefused();

      assertThatThrownBy(() -> LockedJob.start(JOB, checkpoints))
          .hasMessage("the process has ended");
    }
  }

  @Test
  void a_file_that_this_process_has_locked_by_another_path_is_refused() throws Exception {
    try (FileChannel channel =
            FileChannel.open(
                checkpoints.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      assertThat(held.isValid()).isTrue();
      assertThat(DirectoryLock.take(new org.apache.flink.core.fs.Path(checkpoints.toUri()), "lock"))
          .isEmpty();
    }
  }

  private void assertThatTheJobIsRefused() throws Exception {
    assertThat(JobStart.lock(LockedJob.settings(JOB, checkpoints), problems)).isEmpty();
    assertThat(problems)
        .singleElement()
        .hasToString(
            "job.name = triage: is running in another process; end that one, or choose another"
                + " name");
  }
}
