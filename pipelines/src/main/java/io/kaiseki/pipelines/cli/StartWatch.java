package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.cluster.JobProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * Watches a job that was submitted until all of its tasks run. The job does not need the watch, so
 * a JobManager that is busy with its start, and does not answer for a while, does not end it.
 */
final class StartWatch {

  /** The job on its cluster. */
  interface Submitted {

    /** How far it is. */
    JobProgress progress() throws IOException;

    /** Tasks that the cluster could still take. */
    int freeSlots() throws IOException;
  }

  /**
   * What a person is told of the job.
   *
   * @param id its id on the cluster
   * @param slots task slots that it needs
   * @param address of the cluster's REST interface and page
   * @param stopLine the line that stops it
   */
  record Told(String id, int slots, String address, String stopLine) {}

  /** For how long answers may fail to come, and the pause before each question. */
  record Times(Duration patience, Duration poll) {}

  private final Submitted job;
  private final Told told;
  private final Times times;
  private final StopSignal stop;
  private final PrintWriter out;

  private JobProgress shown = new JobProgress.Starting("", -1, 0);

  /** When the first of the latest questions without an answer was asked. */
  private @Nullable Long silentSince;

  /** When the cluster was first asked of those times that it did not know the job. */
  private @Nullable Long unknownSince;

  StartWatch(Submitted job, Told told, Times times, StopSignal stop, PrintWriter out) {
    this.job = job;
    this.told = told;
    this.times = times;
    this.stop = stop;
    this.out = out;
  }

  /**
   * Waits for it.
   *
   * @return the exit code
   * @throws IllegalStateException if the job has ended, or the cluster has stopped answering or
   *     does not know the job any more
   */
  int untilRunning() throws InterruptedException {
    do {
      long asked = System.nanoTime();
      try {
        JobProgress now = job.progress();
        if (now instanceof JobProgress.Running) {
          say("All tasks run. Stop it with: %s", told.stopLine());
          return ExitCode.OK;
        }
        if (now instanceof JobProgress.Ended ended) {
          throw new IllegalStateException(
              "job " + told.id() + " ended as " + ended.state() + ": " + ended.cause());
        }
        if (now instanceof JobProgress.Unknown) {
          unknown(asked);
        } else {
          unknownSince = null;
        }
        if (now instanceof JobProgress.Starting starting) {
          show(starting);
        }
        silentSince = null;
      } catch (IOException e) {
        silent(asked, e);
      }
    } while (!stop.await(times.poll()));
    say("Not waiting any longer; job %s is still starting on the cluster.", told.id());
    return ExitCode.SOFTWARE;
  }

  private void show(JobProgress.Starting now) throws IOException {
    if (now.equals(shown)) {
      return;
    }
    say(
        "%s: %d of %d tasks run; it needs %d task slots, %d are free",
        now.state(), now.running(), now.tasks(), told.slots(), job.freeSlots());
    shown = now;
  }

  private void silent(long asked, IOException why) {
    if (silentSince == null) {
      silentSince = asked;
      say(
          "No answer from Flink at %s (%s); asking for %d s more",
          told.address(), why, times.patience().toSeconds());
    }
    Duration silence = since(silentSince);
    if (silence.compareTo(times.patience()) >= 0) {
      IllegalStateException failure =
          new IllegalStateException(
              ("job %s was submitted and may be running, but Flink at %s has not answered for %d s"
                      + " (%s); look at http://%s, or stop the job with: %s")
                  .formatted(
                      told.id(),
                      told.address(),
                      silence.toSeconds(),
                      why,
                      told.address(),
                      told.stopLine()));
      // As its cause it would be told behind the line that is there to be copied.
      failure.addSuppressed(why);
      throw failure;
    }
  }

  /** One that recovers its jobs after a restart does not know them at once. */
  private void unknown(long asked) {
    if (unknownSince == null) {
      unknownSince = asked;
      say(
          "Flink at %s does not know job %s; asking for %d s more",
          told.address(), told.id(), times.patience().toSeconds());
    }
    Duration lost = since(unknownSince);
    if (lost.compareTo(times.patience()) >= 0) {
      throw new IllegalStateException(
          ("Flink at %s has not known job %s for %d s: a JobManager that restarts without high"
                  + " availability forgets its jobs; submit it again")
              .formatted(told.address(), told.id(), lost.toSeconds()));
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void say(String format, Object... values) {
    out.printf(format + "%n", values);
    out.flush();
  }
}
