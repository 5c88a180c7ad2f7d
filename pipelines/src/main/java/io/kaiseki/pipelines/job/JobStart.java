package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/** What has to hold before a streaming job may begin, so that no document is lost or done twice. */
public final class JobStart {

  /** Not the name of a backfill's lock, by which its directories are known. */
  private static final String LOCK = "job.lock";

  private JobStart() {}

  /**
   * Keeps a job to this process: a second one would take over the checkpoints of the first, and
   * both would read all documents.
   *
   * @return empty, and a problem noted, if it runs in another process
   */
  public static Optional<DirectoryLock> lock(
      JobSettings settings, Collection<ConfigurationProblem> problems) throws IOException {
    String directory =
        RetainedCheckpoints.directory(settings.delivery().checkpoints(), settings.name());
    Optional<DirectoryLock> lock = DirectoryLock.take(new Path(directory), LOCK);
    if (lock.isEmpty()) {
      problems.add(
          new ConfigurationProblem(
              "job.name",
              settings.name(),
              "is running in another process; end that one, or choose another name"));
    }
    return lock;
  }

  /**
   * Whether a job has run before, but its checkpoints are not where it looks for them. Its consumer
   * group stands behind the documents that were in flight, which only a checkpoint knows.
   *
   * @param found the checkpoint to begin from
   * @param problems takes that they are missing
   */
  public static void requireCheckpoint(
      AnalysisDefinition definition,
      JobSettings settings,
      JobRun.Restore restore,
      Optional<String> found,
      Collection<ConfigurationProblem> problems) {
    if (found.isPresent() || !(restore instanceof JobRun.Restore.Latest)) {
      return;
    }
    String documents = definition.topics().documents();
    boolean hasRun =
        Topics.of(settings.kafka(), problems).stream()
            .anyMatch(
                topics -> {
                  try (topics) {
                    return topics.hasOffsets(settings.name(), documents, problems);
                  }
                });
    if (hasRun) {
      problems.add(
          new ConfigurationProblem(
              "job.checkpoints",
              settings.delivery().checkpoints(),
              "has no checkpoint of "
                  + settings.name()
                  + ", which has read "
                  + documents
                  + " before: the documents that were in flight then are in its newest checkpoint"
                  + " alone; name the directory that has it, or its address by --restore; --restore"
                  + " none goes on without these documents"));
    }
  }
}
