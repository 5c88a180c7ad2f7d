package io.kaiseki.pipelines.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.FlinkOptions;
import io.kaiseki.pipelines.job.RetainedCheckpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Flink cluster that takes jobs. The definition of an analysis and all settings are read
 * on this machine and travel with the job; the model must lie on the machines of the cluster.
 */
public final class SessionCluster {

  private static final Logger LOG = LoggerFactory.getLogger(SessionCluster.class);
  private static final Set<String> ENDED = Set.of("FAILED", "CANCELED", "FINISHED", "SUSPENDED");

  private final JobTarget.Session target;
  private final Path jobJar;
  private final FlinkRest rest;

  /**
   * @param jobJar the job and what it needs, without what lies in the cluster's {@code lib}
   */
  public SessionCluster(JobTarget.Session target, Path jobJar) {
    this.target = target;
    this.jobJar = jobJar;
    this.rest = new FlinkRest(target);
  }

  /**
   * Whether the cluster can take a job with these settings.
   *
   * @param problems takes why not: it does not answer, has another version of Flink, or runs a job
   *     of that name, with which this one would fight about transactions
   */
  public void check(JobSettings settings, Collection<ConfigurationProblem> problems) {
    String name = settings.name();
    try {
      String theirs = rest.get("/overview").path("flink-version").asText();
      String ours = EnvironmentInformation.getVersion();
      if (!theirs.equals(ours)) {
        problem(problems, "runs Flink " + theirs + "; this build is for Flink " + ours);
      }
      for (JsonNode job : rest.get("/jobs/overview").path("jobs")) {
        if (job.path("name").asText().equals(name) && !ENDED.contains(job.path("state").asText())) {
          problem(
              problems,
              "runs a job called "
                  + name
                  + " already ("
                  + job.path("jid").asText()
                  + "); stop it with: "
                  + stopLine(settings, job.path("jid").asText())
                  + ", or choose another job.name");
        }
      }
    } catch (IOException e) {
      problem(
          problems,
          "no Flink JobManager answers there: "
              + e
              + "; give the address of its REST interface, port 8081 by default");
    }
  }

  /**
   * Submits a job.
   *
   * @param restoreFrom the checkpoint or savepoint that it begins from; empty begins anew
   * @throws IOException if the cluster does not take it
   */
  public JobID submit(AnalysisJob job, Optional<String> restoreFrom) throws IOException {
    Configuration options = FlinkOptions.of(job.settings());
    options.set(CoreOptions.DEFAULT_PARALLELISM, job.settings().parallelism());
    restoreFrom.ifPresent(address -> FlinkOptions.restoreFrom(options, address));
    try {
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.createRemoteEnvironment(
              target.host(), target.port(), options, jobJar.toString());
      job.addTo(environment);
      JobID id = environment.executeAsync(job.settings().name()).getJobID();
      LOG.info(
          "job submitted name={} id={} cluster={} restoredFrom={}",
          job.settings().name(),
          id,
          target.address(),
          restoreFrom.orElse("nothing"));
      return id;
    } catch (Exception e) {
      throw new IOException("Flink at " + target.address() + " did not take the job", e);
    }
  }

  /**
   * The line that stops a job so that it can go on. Flink asks for the directory of the savepoint
   * where its own configuration names none; this one is where the next run looks.
   */
  public String stopLine(JobSettings settings, String id) {
    return ShellWords.shown(
        List.of(
            "flink",
            "stop",
            "--jobmanager",
            target.address(),
            "--savepointPath",
            RetainedCheckpoints.savepoints(settings.delivery().checkpoints(), settings.name()),
            id));
  }

  /** How far the job is. */
  public JobProgress progress(JobID id) throws IOException {
    JsonNode job;
    try {
      job = rest.get("/jobs/" + id);
    } catch (FlinkRest.NotFoundException e) {
      return new JobProgress.Unknown();
    }
    String state = job.path("state").asText();
    if (ENDED.contains(state)) {
      return new JobProgress.Ended(state, cause(id));
    }
    int tasks = 0;
    int running = 0;
    for (JsonNode vertex : job.path("vertices")) {
      tasks += vertex.path("parallelism").asInt();
      running += vertex.path("tasks").path("RUNNING").asInt();
    }
    return tasks > 0 && running == tasks
        ? new JobProgress.Running()
        : new JobProgress.Starting(state, running, tasks);
  }

  /** Tasks that the cluster could still take. */
  public int freeSlots() throws IOException {
    return rest.get("/overview").path("slots-available").asInt();
  }

  /** The deepest cause of the failure: those above it say only that something failed. */
  private String cause(JobID id) throws IOException {
    String trace =
        rest.get("/jobs/" + id + "/exceptions")
            .path("exceptionHistory")
            .path("entries")
            .path(0)
            .path("stacktrace")
            .asText();
    return trace
        .lines()
        .filter(line -> line.startsWith("Caused by: "))
        .reduce((first, second) -> second)
        .map(line -> line.substring("Caused by: ".length()))
        .orElseGet(() -> trace.lines().findFirst().orElse(""));
  }

  private void problem(Collection<ConfigurationProblem> problems, String remedy) {
    problems.add(new ConfigurationProblem("--target", "flink:" + target.address(), remedy));
  }
}
