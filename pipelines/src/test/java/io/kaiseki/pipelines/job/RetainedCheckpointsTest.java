package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedCheckpointsTest {

  @TempDir Path directory;

  @Test
  void a_job_that_never_ran_has_none() throws IOException {
    assertThat(RetainedCheckpoints.latest(directory.resolve("absent").toUri().toString()))
        .isEmpty();
  }

  @Test
  void the_newest_complete_one_of_all_runs_is_found() throws IOException {
    complete("run1", "chk-9", Instant.parse("2026-01-01T00:00:00Z"));
    complete("run2", "chk-2", Instant.parse("2026-01-02T00:00:00Z"));
    Files.createDirectories(directory.resolve("run2/chk-3"));
    Files.createDirectories(directory.resolve("run2/shared"));

    assertThat(RetainedCheckpoints.latest(directory.toUri().toString()))
        .hasValueSatisfying(found -> assertThat(found).endsWith("run2/chk-2"));
  }

  @Test
  void a_job_that_was_stopped_with_a_savepoint_goes_on_from_there() throws IOException {
    complete("run1", "chk-9", Instant.parse("2026-01-01T00:00:00Z"));
    complete("savepoints", "savepoint-ab12cd-0123", Instant.parse("2026-01-02T00:00:00Z"));

    assertThat(RetainedCheckpoints.latest(directory.toUri().toString()))
        .hasValueSatisfying(
            found -> assertThat(found).endsWith("savepoints/savepoint-ab12cd-0123"));
  }

  @Test
  void the_address_is_as_flink_takes_it() throws IOException {
    complete("my run", "chk-1", Instant.parse("2026-01-01T00:00:00Z"));

    assertThat(RetainedCheckpoints.latest("file://" + directory))
        .contains("file:" + directory + "/my run/chk-1");
  }

  @Test
  void a_checkpoint_that_goes_while_it_is_looked_at_is_passed_over() throws IOException {
    complete("run1", "chk-1", Instant.parse("2026-01-01T00:00:00Z"));
    complete("run1", "chk-2", Instant.parse("2026-01-02T00:00:00Z"));
    LocalFileSystem discarding =
        new LocalFileSystem() {
          @Override
          public boolean exists(org.apache.flink.core.fs.Path path) {
            return true;
          }

          @Override
          public FileStatus getFileStatus(org.apache.flink.core.fs.Path path) throws IOException {
            if (path.getPath().endsWith("chk-2/_metadata")) {
              throw new FileNotFoundException(path.toString());
            }
            return super.getFileStatus(path);
          }
        };

    assertThat(
            RetainedCheckpoints.latest(
                discarding, new org.apache.flink.core.fs.Path("file://" + directory)))
        .hasValueSatisfying(found -> assertThat(found).endsWith("run1/chk-1"));
  }

  private void complete(String run, String checkpoint, Instant at) throws IOException {
    Path metadata = directory.resolve(run).resolve(checkpoint).resolve("_metadata");
    Files.createDirectories(metadata.getParent());
    Files.createFile(metadata);
    Files.setLastModifiedTime(metadata, FileTime.from(at));
  }
}
