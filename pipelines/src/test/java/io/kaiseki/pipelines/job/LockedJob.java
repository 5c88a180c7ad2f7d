package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;

/** A process that keeps a job to itself until it is killed. */
public final class LockedJob {

  private static final String LOCKED = "locked";

  private LockedJob() {}

  /** Starts one; returns once it has the lock. */
  static Process start(String job, Path checkpoints) throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                LockedJob.class.getName(),
                job,
                checkpoints.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); !LOCKED.equals(line); line = output.readLine()) {
      if (line == null) {
        throw new IOException("the process has ended");
      }
    }
    return process;
  }

  /** Settings of the job; nothing is asked of its broker and its registry. */
  static JobSettings settings(String job, Path checkpoints) {
    return JobFixture.settings(
        job,
        KafkaSettings.plain("localhost:9092"),
        RegistrySettings.of("http://localhost:8081"),
        checkpoints);
  }

  public static void main(String[] arguments) throws IOException {
    DirectoryLock lock =
        JobStart.lock(settings(arguments[0], Path.of(arguments[1])), new ArrayList<>())
            .orElseThrow();
    System.out.println(LOCKED);
    // Ends with its parent, should that not kill it.
    while (System.in.read() >= 0) {
      continue;
    }
    lock.close();
  }
}
