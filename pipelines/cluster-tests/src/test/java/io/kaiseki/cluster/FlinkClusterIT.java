package io.kaiseki.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.faults.Ledger;
import io.kaiseki.pipelines.job.FailureIsFinal;
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
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job is submitted to a cluster by Flink's own command, its TaskManagers are killed, and it is
 * rescaled and upgraded by savepoints, all while documents keep arriving and a desk shows what
 * becomes of them.
 */
@ExtendWith({ClusterExtension.class, FailureIsFinal.class})
class FlinkClusterIT {

  private static final long SEED = 20_261_128;
  private static final int BACKLOG = 60;
  private static final Pattern JOB = Pattern.compile("JobID ([0-9a-f]{32})");
  private static final Pattern SAVEPOINT = Pattern.compile("Path: (\\S+)");

  /** Further rounds of kills and rescaling, up and down; {@code mvn -Pcluster} has some. */
  private static final int ROUNDS = Integer.getInteger("kaiseki.cluster.rounds", 0);

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private final Ledger ledger = new Ledger();
  private final ScheduledExecutorService arrivals = Executors.newSingleThreadScheduledExecutor();
  private final FlinkCluster cluster = ClusterExtension.cluster();
  private JobFixture job;
  private DeskProcess desk;
  private volatile int settled;

  @BeforeEach
  void start() throws IOException {
    job =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"));
    desk = new DeskProcess(job, directory);
  }

  @AfterEach
  void end() {
    arrivals.shutdownNow();
    desk.close();
    job.close();
  }

  @Test
  void killed_rescaled_and_upgraded_it_loses_and_repeats_nothing() throws Exception {
    ScheduledFuture<?> arriving =
        arrivals.scheduleWithFixedDelay(this::arrive, 0, 20, TimeUnit.MILLISECONDS);
    Path older = Files.copy(FlinkCluster.JOB_JAR, directory.resolve("kaiseki-job-0.0.9.jar"));

    String id = submit(older, 1);
    awaitSettled(20);
    id = submit(FlinkCluster.JOB_JAR, 2, "--fromSavepoint", stop(id));
    awaitSettled(20);
    // Both are at work.
    killAndReplace(1 + random.nextInt(2));
    for (int round = 0; round < ROUNDS; round++) {
      id = submit(FlinkCluster.JOB_JAR, 1, "--fromSavepoint", stop(id));
      awaitSettled(20);
      // It is on one of them.
      killAndReplace(1);
      killAndReplace(2);
      id = submit(FlinkCluster.JOB_JAR, 2, "--fromSavepoint", stop(id));
      awaitSettled(20);
      killAndReplace(1 + random.nextInt(2));
    }

    assertThat(arriving.isDone()).isFalse();
    arriving.cancel(false);
    arrivals.submit(() -> {}).get();
    await(() -> settled >= ledger.size());
    // What a recovery might have written twice is committed by the stop at the latest.
    stop(id);
    job.readToEnd();
    ledger.assertSettledBy(job.outcomes);
    await(() -> desk.answered() >= ledger.size());
    assertThat(desk.answered()).as("results at the desk").isEqualTo(ledger.size());
    assertThat(desk.documents()).as("documents at the desk").isEqualTo(ledger.size());
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
    Matcher savepoint = SAVEPOINT.matcher(printed);
    assertThat(savepoint.find()).as(printed).isTrue();
    return savepoint.group(1);
  }

  private void killAndReplace(int machine) throws Exception {
    Duration after = Duration.ofMillis(random.nextInt(600));
    poll(after);
    cluster.kill(machine);
    cluster.startMissingTaskManagers();
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

  private void await(Callable<Boolean> condition) {
    Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofMinutes(5))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              assertThat(cluster.isAlive()).isTrue();
              assertThat(desk.isAlive()).isTrue();
              poll(Duration.ofMillis(50));
              return condition.call();
            });
  }

  private void poll(Duration timeout) {
    job.poll(timeout);
    settled = job.outcomes.size();
  }
}
