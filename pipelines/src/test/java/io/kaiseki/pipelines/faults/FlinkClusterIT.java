package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.RetainedCheckpoints;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Flink cluster of several processes, made of what the image holds, on which a job is submitted
 * by Flink's own command and by ours, its TaskManagers are killed, and it is rescaled and upgraded
 * by savepoints, all while documents keep arriving.
 */
@Tag("cluster")
@ExtendWith(ServicesExtension.class)
class FlinkClusterIT {

  private static final long SEED = 20_261_128;
  private static final int BACKLOG = 60;
  private static final Pattern JOB = Pattern.compile("JobID ([0-9a-f]{32})");

  /** Rounds of kills and rescaling; more of them by {@code mvn -Pcluster}. */
  private static final int ROUNDS = Integer.getInteger("kaiseki.cluster.rounds", 1);

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private final Ledger ledger = new Ledger();
  private final ScheduledExecutorService arrivals = Executors.newSingleThreadScheduledExecutor();
  private JobFixture job;
  private FlinkCluster cluster;
  private volatile int settled;

  @BeforeEach
  void start() throws IOException {
    cluster =
        new FlinkCluster(Files.createTempDirectory(Path.of("target").toAbsolutePath(), "cluster-"));
    cluster.startTaskManagers(1, 2);
    job =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"));
    cluster.awaitTaskManagers(2);
  }

  @AfterEach
  void end() {
    arrivals.shutdownNow();
    job.close();
    cluster.close();
  }

  @Test
  void killed_rescaled_and_upgraded_it_loses_and_repeats_nothing() throws Exception {
    ScheduledFuture<?> arriving =
        arrivals.scheduleWithFixedDelay(this::arrive, 0, 20, TimeUnit.MILLISECONDS);
    Path older = Files.copy(FlinkCluster.JOB_JAR, directory.resolve("kaiseki-job-0.0.9.jar"));

    String id = submit(older, 1);
    awaitSettled(20);
    for (int round = 0; round < ROUNDS; round++) {
      killAndReplace(1);
      killAndReplace(2);
      String savepoint = stop(id);
      id = submit(FlinkCluster.JOB_JAR, 2, "--fromSavepoint", savepoint);
      awaitSettled(20);
      killAndReplace(1 + random.nextInt(2));
      savepoint = stop(id);
      id = submit(FlinkCluster.JOB_JAR, 1, "--fromSavepoint", savepoint);
      awaitSettled(20);
    }

    assertThat(arriving.isDone()).isFalse();
    arriving.cancel(false);
    arrivals.submit(() -> {}).get();
    await(() -> settled >= ledger.size());
    // What a recovery might have written twice is committed by the stop at the latest.
    stop(id);
    poll(Duration.ofSeconds(1));
    ledger.assertSettledBy(job.outcomes);
  }

  private String submit(Path jar, int parallelism, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("run", "--detached", "--parallelism", "" + parallelism));
    arguments.addAll(List.of(more));
    arguments.add(jar.toString());
    List<String> ours = job.commandLine("run", TinyModel.file());
    arguments.addAll(ours.subList(1, ours.size()));
    arguments.addAll(
        List.of("-s", "job.restart.delay=100ms", "-s", "job.restart.maximum-delay=1s"));
    arguments.addAll(List.of("--restore", "none"));
    Matcher submitted = JOB.matcher(cluster.flink(arguments.toArray(String[]::new)));
    assertThat(submitted.find()).isTrue();
    return submitted.group(1);
  }

  /** Stops the job with a savepoint; answers its address. */
  private String stop(String id) throws Exception {
    String printed =
        cluster.flink(
            "stop",
            "--savepointPath",
            RetainedCheckpoints.savepoints(
                job.settings.delivery().checkpoints(), job.settings.name()),
            id);
    Matcher savepoint = Pattern.compile("Path: (\\S+)").matcher(printed);
    assertThat(savepoint.find()).as(printed).isTrue();
    return savepoint.group(1);
  }

  private void killAndReplace(int machine) throws Exception {
    Duration after = Duration.ofMillis(random.nextInt(600));
    poll(after);
    cluster.kill(machine);
    cluster.startTaskManagers(machine);
    awaitSettled(20);
  }

  private void arrive() {
    while (ledger.size() - settled < BACKLOG) {
      String id = "d" + ledger.size();
      ledger.document(
          job.send(id, job.encode(id, "Order " + id, "The parcel has not arrived.")), id);
    }
  }

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
              assertThat(cluster.isAlive()).isTrue();
              poll(Duration.ofMillis(50));
              return condition.getAsBoolean();
            });
  }

  private void poll(Duration timeout) {
    job.poll(timeout);
    settled = job.outcomes.size();
  }
}
