package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.demo.Breakage;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole process of the job is killed (SIGKILL) again and again while documents keep arriving,
 * and started anew from the newest checkpoint that it has left. Broker and registry live on.
 */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class KilledJobIT {

  private static final long SEED = 20_261_123;
  private static final int BACKLOG = 120;

  /** With those at the start and amid commits, five; the profile faults takes more. */
  private static final int KILLS_AT_WORK = Integer.getInteger("kaiseki.faults.kills", 1);

  private static final Breakage[] BREAKAGES = Breakage.values();

  @TempDir Path checkpoints;

  private final Random random = new Random(SEED);
  private final Ledger ledger = new Ledger();
  private final ScheduledExecutorService arrivals = Executors.newSingleThreadScheduledExecutor();
  private JobFixture job;
  private CommitGate gate;
  private Process process;
  private Path log;
  private int starts;
  private volatile int settled;

  @BeforeEach
  void topics() throws IOException {
    gate = new CommitGate(ServicesExtension.kafka().bootstrapServers());
    job = new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
  }

  @AfterEach
  void end() throws IOException {
    arrivals.shutdownNow();
    if (process != null) {
      process.destroyForcibly();
    }
    job.close();
    gate.close();
  }

  @Test
  void a_job_killed_at_any_point_loses_and_repeats_nothing() throws Exception {
    ScheduledFuture<?> arriving =
        arrivals.scheduleWithFixedDelay(this::arrive, 0, 20, TimeUnit.MILLISECONDS);

    // While it starts for the first time, and while it restores.
    start();
    killWithin(3_000);
    start();
    awaitSettled(1);
    killWithin(600);
    // In the midst of its work.
    for (int kill = 0; kill < KILLS_AT_WORK; kill++) {
      start();
      awaitSettled(20 + random.nextInt(60));
      killWithin(600);
    }
    // When a checkpoint is complete and the first of its transactions is being committed.
    for (CommitGate.Side side : CommitGate.Side.values()) {
      start();
      awaitSettled(20);
      gate.holdNextCommit(side).get(5, TimeUnit.MINUTES);
      kill();
    }

    start();
    assertThat(arriving.isDone()).isFalse();
    arriving.cancel(false);
    arrivals.submit(() -> {}).get();
    await(() -> settled >= ledger.size());
    job.settle(this::assertAlive);

    ledger.assertSettledBy(job.outcomes);
    assertThat(KilledJob.restored(Files.readString(log))).isTrue();
    assertThat(job.outcomes).hasAtLeastOneElementOfType(Received.Dead.class);
    for (int start = 1; start <= starts; start++) {
      assertThat(Files.readString(log(start))).as("a false alarm").doesNotContain("results-lost");
    }
  }

  private void start() throws IOException {
    starts++;
    log = log(starts);
    process = KilledJob.start(job.settings, gate.bootstrapServers(), checkpoints, log);
  }

  private static Path log(int start) {
    return Path.of("target", "killed-job-" + start + ".log");
  }

  private void kill() throws InterruptedException {
    assertThat(process.destroyForcibly().waitFor()).isEqualTo(128 + 9);
  }

  /** Kills it after up to so many milliseconds; that it lived until then is checked. */
  private void killWithin(int millis) throws InterruptedException {
    assertThat(process.waitFor(random.nextInt(millis), TimeUnit.MILLISECONDS)).isFalse();
    kill();
  }

  /**
   * Every tenth record can't be decoded. Runs until the backlog is long enough, again and again.
   */
  private void arrive() {
    while (ledger.size() - settled < BACKLOG) {
      String id = "d" + ledger.size();
      byte[] value = job.encode(id, "Order " + id, "The parcel has not arrived.");
      if (ledger.size() % 10 == 9) {
        Breakage breakage = BREAKAGES[ledger.size() / 10 % BREAKAGES.length];
        ledger.undecodable(job.send(id, breakage.applyTo(value).value()));
      } else {
        ledger.document(job.send(id, value), id);
      }
    }
  }

  /** Waits until so many more records are settled than now. */
  private void awaitSettled(int more) {
    int goal = settled + more;
    await(() -> settled >= goal);
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
              poll(Duration.ofMillis(50));
              return condition.getAsBoolean();
            });
  }

  private void poll(Duration timeout) {
    job.poll(timeout);
    settled = job.outcomes.size();
  }

  private void assertAlive() {
    assertThat(process.isAlive()).as("see %s", log).isTrue();
  }
}
