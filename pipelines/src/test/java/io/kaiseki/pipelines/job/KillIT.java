package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaiseki.pipelines.cli.Kaiseki;
import io.kaiseki.pipelines.demo.Received;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job, command and model included, as a process that is killed with SIGKILL and started
 * again from its own checkpoints. More kills, and at moments that are looked for, are in {@code
 * KilledJobIT}; the profile faults kills it more often here too.
 */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class KillIT {

  private static final int KILLS = Integer.getInteger("kaiseki.faults.kills", 1);

  /** Each run of the job gets as many new ones: else a quick one leaves none to be killed over. */
  private static final int DOCUMENTS_PER_RUN = 60;

  private static final int DOCUMENTS = DOCUMENTS_PER_RUN * (KILLS + 1);
  private static final int OUTCOMES_BETWEEN_KILLS = 25;

  /** Fixed, so that a failure can be looked at again; the machine adds chance enough. */
  private static final long SEED = 20_261_123;

  @TempDir Path directory;

  @Test
  void nothing_is_lost_or_doubled_when_the_process_is_killed_again_and_again() throws Exception {
    try (JobFixture job =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"))) {
      Random random = new Random(SEED);
      for (int kill = 0; kill < KILLS; kill++) {
        Process process = start(job);
        try {
          feed(job, kill);
          int seen = job.outcomes.size();
          await()
              .atMost(Duration.ofMinutes(5))
              .pollInSameThread()
              .until(
                  () -> {
                    job.poll(Duration.ofMillis(100));
                    assertThat(process.isAlive()).as("the job has not ended by itself").isTrue();
                    return job.outcomes.size() >= seen + OUTCOMES_BETWEEN_KILLS;
                  });
          job.poll(Duration.ofMillis(random.nextInt(1000)));
        } finally {
          process.destroyForcibly().waitFor();
        }
      }
      Process last = start(job);
      try {
        feed(job, KILLS);
        await()
            .atMost(Duration.ofMinutes(5))
            .pollInSameThread()
            .until(
                () -> {
                  job.poll(Duration.ofMillis(200));
                  return job.outcomes.size() >= DOCUMENTS;
                });
        job.settle(() -> assertThat(last.isAlive()).isTrue());
        last.destroy();
        assertThat(last.waitFor(60, TimeUnit.SECONDS)).as("SIGTERM ends it in order").isTrue();
        assertThat(last.exitValue()).isZero();
        job.readToEnd();
      } finally {
        last.destroyForcibly().waitFor();
      }

      assertThat(job.outcomes)
          .extracting(outcome -> new String(outcome.record().key(), StandardCharsets.UTF_8))
          .containsExactlyInAnyOrderElementsOf(ids());
      assertThat(job.outcomes).extracting(Received::source).doesNotHaveDuplicates();
    }
  }

  private static void feed(JobFixture job, int run) {
    for (String id : ids().subList(run * DOCUMENTS_PER_RUN, (run + 1) * DOCUMENTS_PER_RUN)) {
      boolean poison = id.endsWith("7");
      job.send(
          id,
          poison
              ? "no document".getBytes(StandardCharsets.UTF_8)
              : job.encode(id, "title of " + id, "The parcel " + id + " came late."));
    }
  }

  private static List<String> ids() {
    return IntStream.range(0, DOCUMENTS).mapToObj(i -> "d" + i).toList();
  }

  private Process start(JobFixture job) throws IOException {
    File log = directory.resolve("job.log").toFile();
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dkaiseki.journal=" + directory.resolve("journal"),
                "-cp",
                System.getProperty("java.class.path"),
                Kaiseki.class.getName()));
    command.addAll(job.commandLine("run", TinyModel.file()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }
}
