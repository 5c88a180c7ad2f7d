package io.kaiseki.pipelines.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.cli.Kaiseki;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.FailureIsFinal;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command in a process of its own, killed with SIGKILL again and again, and given again until
 * it has come to its end. The profile faults has the long form: 5,000 documents and 5 kills.
 */
@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class BackfillIT {

  private static final int DOCUMENTS = Integer.getInteger("kaiseki.backfill.documents", 300);
  private static final int KILLS = Integer.getInteger("kaiseki.backfill.kills", 1);

  /** Documents between two ends of the process; some are left for the last. */
  private static final int SHARE = DOCUMENTS / (KILLS + 5);

  /** Fixed, so that a failure can be looked at again; the machine adds chance enough. */
  private static final long SEED = 20_261_124;

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private final List<String> readable = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private JobFixture job;

  @Test
  void however_often_it_is_killed_every_document_comes_out_once_and_then_never_again()
      throws Exception {
    Path archive = writeArchive();
    try (JobFixture fixture =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"))) {
      job = fixture;
      long start = System.nanoTime();
      for (int kill = 0; kill < KILLS; kill++) {
        killed(start(archive), SHARE);
      }
      stopped(start(archive), SHARE);
      JsonNode report = ended(start(archive));
      Duration first = Duration.ofNanos(System.nanoTime() - start);
      awaitOutcomes(readable.size() + unreadable.size());

      assertThat(job.outcomes)
          .extracting(BackfillIT::id)
          .containsExactlyInAnyOrderElementsOf(all());
      assertThat(job.outcomes)
          .filteredOn(Received.Dead.class::isInstance)
          .extracting(BackfillIT::id)
          .containsExactlyInAnyOrderElementsOf(unreadable);
      assertThat(report.get("documents").asInt()).isEqualTo(DOCUMENTS);
      assertThat(report.get("results").asInt()).isEqualTo(readable.size());
      assertThat(report.get("deadLetters").asInt()).isEqualTo(unreadable.size());
      assertThat(report.get("skipped").asInt()).isZero();
      assertThat(report.get("tokens").get("answer").asLong()).isPositive();

      start = System.nanoTime();
      JsonNode second = ended(start(archive));
      Duration again = Duration.ofNanos(System.nanoTime() - start);

      assertThat(second.get("documents").asInt()).isEqualTo(DOCUMENTS);
      assertThat(second.get("skipped").asInt()).isEqualTo(readable.size());
      assertThat(second.get("results").asInt()).isZero();
      assertThat(log()).contains(String.format(Locale.ROOT, "%,d skipped", readable.size()));
      System.out.printf(
          "backfill of %d documents with %d kills in %.0f s; the second run took %.1f s, %.3f of that%n",
          DOCUMENTS,
          KILLS,
          first.toMillis() / 1e3,
          again.toMillis() / 1e3,
          (double) again.toMillis() / first.toMillis());

      assertThat(directory.resolve("checkpoints"))
          .as("a run that has ended leaves nothing behind")
          .isEmptyDirectory();
    }
  }

  /** Kills the process once so many more documents have come out than before. */
  private void killed(Process process, int more) throws Exception {
    try {
      awaitMore(process, more);
      process.waitFor(random.nextInt(500), TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Ends the process as Ctrl-C does. */
  private void stopped(Process process, int more) throws Exception {
    try {
      awaitMore(process, more);
      process.destroy();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends in order").isTrue();
      assertThat(process.exitValue()).as("it has not done what it was asked to do").isEqualTo(1);
      assertThat(log()).contains("Stopped. The same command goes on with run backfill-mood-");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void awaitMore(Process process, int more) {
    // What the process before has left does not count: this one may be hardly there yet.
    job.poll(Duration.ofSeconds(1));
    int goal = job.outcomes.size() + more;
    await()
        .atMost(Duration.ofMinutes(15))
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              job.poll(Duration.ofMillis(50));
              assertThat(process.isAlive()).as("it has not ended by itself: %s", log()).isTrue();
              return job.outcomes.size() >= goal;
            });
  }

  private JsonNode ended(Process process) throws Exception {
    try {
      assertThat(process.waitFor(1, TimeUnit.HOURS)).as("it ends").isTrue();
      assertThat(process.exitValue()).as("see the log: %s", log()).isZero();
      return JSON.readTree(directory.resolve("report.json").toFile());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void awaitOutcomes(int count) {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInSameThread()
        .until(
            () -> {
              job.poll(Duration.ofMillis(200));
              return job.outcomes.size() >= count;
            });
    job.readToEnd();
  }

  private Process start(Path archive) throws IOException {
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
    command.addAll(job.commandLine("backfill", TinyModel.file()));
    command.addAll(List.of("--from", archive.toString(), "--report", directory + "/report.json"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
        .start();
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  /** Half in rows, half in files of their own; a few of each can't be read. */
  private Path writeArchive() throws IOException {
    Path archive = Files.createDirectory(directory.resolve("archive"));
    StringBuilder rows = new StringBuilder("id,title,text\n");
    for (int i = 0; i < DOCUMENTS / 2; i++) {
      if (i % 50 == 49) {
        rows.append("broken ").append(i).append(",\"never closed\n");
        unreadable.add("rows.csv#" + (i + 1));
      } else {
        rows.append("r%d,Parcel %d,The parcel %d came late.%n".formatted(i, i, i));
        readable.add("r" + i);
      }
    }
    Files.writeString(archive.resolve("rows.csv"), rows);
    for (int i = DOCUMENTS / 2; i < DOCUMENTS; i++) {
      String name = "letters/%d/letter-%d.%s".formatted(i % 7, i, i % 3 == 0 ? "html" : "txt");
      byte[] text = "<p>Letter %d says no.</p>".formatted(i).getBytes(StandardCharsets.UTF_8);
      if (i % 50 == 0) {
        name = "letters/scan-%d.pdf".formatted(i);
        unreadable.add(name);
      } else {
        readable.add(name);
      }
      Path file = archive.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, text);
    }
    return archive;
  }

  private List<String> all() {
    List<String> all = new ArrayList<>(readable);
    all.addAll(unreadable);
    return all;
  }

  private static String id(Received outcome) {
    return new String(outcome.record().key(), StandardCharsets.UTF_8);
  }
}
