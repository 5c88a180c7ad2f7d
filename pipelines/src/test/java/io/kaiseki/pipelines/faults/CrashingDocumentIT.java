package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Native code dies of a segmentation fault on one document, and takes the whole process down.
 * Whoever watches over the job starts it again, as systemd or Kubernetes would.
 */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
@EnabledOnOs(OS.LINUX)
class CrashingDocumentIT {

  private static final int DOCUMENTS = 60;
  private static final int POISONOUS = 23;

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private Path checkpoints;
  private JobFixture job;
  private Process process;
  private int starts;

  @BeforeEach
  void topics() {
    checkpoints = directory.resolve("checkpoints");
    job = new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
    job.close();
  }

  @Test
  void a_document_that_crashes_the_process_is_in_quarantine_after_two_crashes() throws Exception {
    for (int i = 0; i < DOCUMENTS; i++) {
      send("d" + i, i == POISONOUS ? "Order " + CrashingEngine.POISON : "The parcel " + i);
    }

    restartUntilSettled();

    assertThat(starts).as("starts, all but the last of which end in a crash").isEqualTo(3);
    ledger.assertSettledBy(job.outcomes);
    Received.Dead dead = onlyDeadLetter();
    assertThat(dead.letter().getDocumentId()).isEqualTo("d" + POISONOUS);
    assertThat(dead.letter().getReason()).hasToString(FailureReason.POISON.name());
    assertThat(dead.letter().getMessage()).contains("died twice", "model.library", "quarantined");

    // By the handle: Process.destroy() closes its input too, at whose end the lifeline halts it.
    process.toHandle().destroy();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(journalled(".inflight")).isEmpty();
    List<String> quarantined = Files.readAllLines(journalled("quarantined").get(0));
    assertThat(quarantined).hasSize(1);
    // Suspects whose outcome was committed between the crashes don't come again, and stay.
    assertThat(Files.readAllLines(journalled("suspects").get(0)))
        .doesNotContainAnyElementsOf(quarantined);
  }

  private void send(String id, String body) {
    ledger.document(job.send(id, job.encode(id, "Ticket " + id, body)), id);
  }

  private void restartUntilSettled() {
    Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofMinutes(4))
        .until(
            () -> {
              if (process == null || !process.isAlive()) {
                assertThat(starts).isLessThan(3);
                if (process != null) {
                  assertThat(Files.readString(log("")))
                      .contains("SIGSEGV", "crash happened outside the Java Virtual Machine");
                }
                process = start();
              }
              job.poll(Duration.ofMillis(100));
              return job.outcomes.size() >= DOCUMENTS;
            });
    job.settle(() -> assertThat(process.isAlive()).isTrue());
  }

  private Process start() throws IOException {
    starts++;
    return KilledJob.start(
        List.of(),
        CrashingJob.class,
        List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + log("-hs_err")),
        job.settings,
        ServicesExtension.kafka().bootstrapServers(),
        checkpoints,
        log(""));
  }

  /** What the newest process has left. */
  private Path log(String kind) {
    return Path.of("target", "crashing-job-" + starts + kind + ".log").toAbsolutePath();
  }

  private Received.Dead onlyDeadLetter() {
    List<Received.Dead> dead =
        job.outcomes.stream()
            .filter(Received.Dead.class::isInstance)
            .map(Received.Dead.class::cast)
            .toList();
    assertThat(dead).hasSize(1);
    return dead.get(0);
  }

  private List<Path> journalled(String end) throws IOException {
    try (Stream<Path> files = Files.walk(KilledJob.journal(checkpoints))) {
      return files.filter(file -> file.getFileName().toString().endsWith(end)).toList();
    }
  }
}
