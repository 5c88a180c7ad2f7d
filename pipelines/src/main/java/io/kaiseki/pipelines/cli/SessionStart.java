package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.cluster.ClusterRestore;
import io.kaiseki.pipelines.cluster.JobProgress;
import io.kaiseki.pipelines.cluster.JobTarget;
import io.kaiseki.pipelines.cluster.SessionCluster;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.embedded.Installation;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.JobStart;
import io.kaiseki.pipelines.job.Readiness;
import io.kaiseki.pipelines.job.SchemaIds;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobID;

/** Submits a job to a Flink session cluster and stays until all of its tasks run. */
final class SessionStart {

  private static final StartWatch.Times TIMES =
      new StartWatch.Times(Duration.ofMinutes(1), Duration.ofMillis(500));

  private final JobTarget.Session target;
  private final AnalysisOptions options;
  private final StartOptions start;
  private final StopSignal stop;

  SessionStart(
      JobTarget.Session target, AnalysisOptions options, StartOptions start, StopSignal stop) {
    this.target = target;
    this.options = options;
    this.start = start;
    this.stop = stop;
  }

  int run(PrintWriter out) throws IOException, InterruptedException {
    SessionCluster cluster = new SessionCluster(target, Installation.jobJar());
    List<ConfigurationProblem> problems = new ArrayList<>();
    AnalysisOptions.Configured configured = options.readToRunElsewhere(problems);
    configured.job().settings().ifPresent(settings -> cluster.check(settings, problems));
    ConfigurationException.throwIfAny(problems);
    AnalysisDefinition definition = configured.definition().orElseThrow();
    JobSettings settings = configured.job().settings().orElseThrow();
    Optional<SchemaIds> schemas =
        new Readiness(definition, settings, start.permissions(), Readiness.CheckpointsOf.A_CLUSTER)
            .establish(problems);
    Optional<String> restore = ClusterRestore.resolve(start.restore(), settings, problems);
    ConfigurationException.throwIfAny(problems);
    JobStart.requireCheckpoint(definition, settings, start.restore(), restore, problems);
    ConfigurationException.throwIfAny(problems);
    AnalysisJob job =
        new AnalysisJob(definition, settings, definition.toEngineSource(), schemas.orElseThrow());
    JobID id = cluster.submit(job, restore);
    out.printf(
        "Submitted %s as job %s to Flink at %s; %s.%n",
        settings.name(),
        id,
        target.address(),
        restore.map(from -> "it begins from " + from).orElse("it begins anew"));
    out.flush();
    return await(cluster, id, settings, out);
  }

  private int await(SessionCluster cluster, JobID id, JobSettings settings, PrintWriter out)
      throws InterruptedException {
    StartWatch.Submitted job =
        new StartWatch.Submitted() {
          @Override
          public JobProgress progress() throws IOException {
            return cluster.progress(id);
          }

          @Override
          public int freeSlots() throws IOException {
            return cluster.freeSlots();
          }
        };
    StartWatch.Told told =
        new StartWatch.Told(
            id.toString(),
            settings.parallelism(),
            target.address(),
            cluster.stopLine(settings, id.toString()));
    return new StartWatch(job, told, TIMES, stop, out).untilRunning();
  }
}
