package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the checkpoints and of the journal of crashes is full. */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
@EnabledOnOs(OS.LINUX)
class FullDiskIT {

  private static final int DOCUMENTS = 30;
  private static final int MEBIBYTES = 4;
  private static final String FAILED = "No space left on device";

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private SmallDisk disk;
  private Path checkpoints;
  private JobFixture job;
  private Process process;
  private Path log;
  private int starts;

  @BeforeEach
  void topics() {
    try {
      disk = SmallDisk.mount(directory, MEBIBYTES);
    } catch (IOException e) {
      // On a build server, too: whether a container or a hardened kernel lets its users have name
      // spaces is the machine's to decide, and nothing that .ci/run could install.
      Assumptions.abort("a small disk can't be mounted: " + e.getMessage());
    }
    checkpoints = directory.resolve("checkpoints");
    job = new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
    if (job != null) {
      job.close();
    }
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void a_job_waits_while_its_disk_is_full_and_goes_on_when_there_is_space_also_after_a_kill()
      throws Exception {
    start();
    send();
    await(() -> job.outcomes.size() == ledger.size());

    disk.fill();
    send();
    awaitFailedCheckpoint();
    assertThat(job.outcomes).as("no checkpoint, no commit").hasSize(DOCUMENTS);

    disk.free();
    await(() -> job.outcomes.size() == ledger.size());

    disk.fill();
    send();
    awaitFailedCheckpoint();
    process.destroyForcibly().waitFor();
    start();
    awaitFailedCheckpoint();
    assertThat(job.outcomes).as("outcomes before there is space").hasSize(2 * DOCUMENTS);
    disk.free();
    await(() -> job.outcomes.size() == ledger.size());
    job.settle(disk.seenFromOutside(checkpoints).toUri().toString(), this::assertAlive);

    ledger.assertSettledBy(job.outcomes);
    assertThat(KilledJob.restored(log())).as("from a checkpoint").isTrue();
  }

  private void start() throws IOException {
    log = Path.of("target", "full-disk-" + ++starts + ".log");
    process =
        KilledJob.start(
            disk.within(),
            job.settings,
            ServicesExtension.kafka().bootstrapServers(),
            checkpoints,
            log);
  }

  private void send() {
    for (int i = 0; i < DOCUMENTS; i++) {
      String id = "d" + ledger.size();
      ledger.document(job.send(id, job.encode(id, "Order " + i, "It has not arrived.")), id);
    }
  }

  /** Waits for one more than there are in the log of the process. */
  private void awaitFailedCheckpoint() {
    long before = failedCheckpoints();
    await(() -> failedCheckpoints() > before);
  }

  private long failedCheckpoints() {
    return log().lines().filter(line -> line.contains(FAILED)).count();
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertAlive() {
    assertThat(process.isAlive()).as("see %s", log).isTrue();
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
