package io.kaiseki.pipelines.cluster;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.FlinkOptions;
import io.kaiseki.pipelines.job.JobRun.Restore;
import io.kaiseki.pipelines.job.JobStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run of a job that Flink has started: by {@code flink run}, or as an application on a cluster
 * of its own. Flink then decides where it runs, with how many subtasks, and, if it was told a
 * savepoint, what it begins from; everything else is as in a run of the command.
 */
public final class SubmittedRun {

  private static final Logger LOG = LoggerFactory.getLogger(SubmittedRun.class);

  /** Flink's name for a cluster that runs the main method of its one job itself. */
  private static final String APPLICATION = "embedded";

  private final ReadableConfig given;

  private SubmittedRun(ReadableConfig given) {
    this.given = given;
  }

  /** The run that Flink has started this program for. */
  public static SubmittedRun current() {
    return new SubmittedRun(
        StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration());
  }

  /** Whether this program runs on the cluster itself, and so sees its disks. */
  public boolean isOnTheCluster() {
    return APPLICATION.equals(given.get(DeploymentOptions.TARGET));
  }

  /**
   * Hands the job to Flink.
   *
   * @param restore what it begins from, unless Flink was told
   * @throws ConfigurationException if the newest checkpoint can't be found from here
   */
  public JobClient start(AnalysisJob job, Restore restore) throws Exception {
    JobSettings settings = job.settings();
    Configuration options = FlinkOptions.of(settings);
    Optional<String> told = given.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
    Optional<String> begin = told.isPresent() ? told : found(job, restore);
    if (told.isEmpty()) {
      begin.ifPresent(address -> FlinkOptions.restoreFrom(options, address));
    }
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(options);
    job.addTo(environment);
    JobClient client = environment.executeAsync(settings.name());
    LOG.info(
        "job submitted name={} id={} restoredFrom={}",
        settings.name(),
        client.getJobID(),
        begin.orElse("nothing"));
    return client;
  }

  private Optional<String> found(AnalysisJob job, Restore restore) throws Exception {
    JobSettings settings = job.settings();
    List<ConfigurationProblem> problems = new ArrayList<>();
    Optional<String> found =
        isOnTheCluster()
            ? restore.resolve(settings)
            : ClusterRestore.resolve(restore, settings, problems);
    if (problems.isEmpty()) {
      JobStart.requireCheckpoint(job.definition(), settings, restore, found, problems);
    }
    ConfigurationException.throwIfAny(problems);
    return found;
  }
}
