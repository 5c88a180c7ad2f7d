package io.kaiseki.pipelines.cluster;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.JobRun.Restore;
import io.kaiseki.pipelines.job.RetainedCheckpoints;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/**
 * Finds the checkpoint that a job on a cluster begins from, from a machine that may not see the
 * cluster's disks. A job is never begun anew just because this machine can't see what there is.
 */
public final class ClusterRestore {

  private static final String REMEDY =
      "; pass --restore none if the job has never run, or --restore and the address of its newest"
          + " checkpoint or savepoint";

  private ClusterRestore() {}

  /**
   * The address to begin from; empty begins anew.
   *
   * @param problems takes why the newest checkpoint can't be found
   */
  public static Optional<String> resolve(
      Restore restore, JobSettings settings, Collection<ConfigurationProblem> problems) {
    String checkpoints = settings.delivery().checkpoints();
    try {
      if (restore instanceof Restore.Latest && !RetainedCheckpoints.isVisible(checkpoints)) {
        problem(problems, checkpoints, "not to be seen from this machine" + REMEDY);
        return Optional.empty();
      }
      return restore.resolve(settings);
    } catch (IOException e) {
      problem(problems, checkpoints, "can't be read from this machine: " + e.getMessage() + REMEDY);
      return Optional.empty();
    }
  }

  private static void problem(
      Collection<ConfigurationProblem> problems, String value, String remedy) {
    problems.add(new ConfigurationProblem("job.checkpoints", value, remedy));
  }
}
