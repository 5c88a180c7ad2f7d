package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.cluster.SubmittedRun;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.Readiness;
import io.kaiseki.pipelines.job.SchemaIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The entry class of the job jar: what {@code flink run}, Flink's application mode and its
 * Kubernetes operator start. It takes the arguments of {@code kaiseki run}, and runs that analysis
 * on the cluster that it was started for. It never ends the process, which is Flink's.
 */
@Command(name = "kaiseki-job")
public final class SubmittedJob {

  @Mixin private AnalysisOptions options = new AnalysisOptions();

  @Mixin private StartOptions start = new StartOptions();

  @SuppressWarnings("NullAway.Init")
  private SubmittedJob() {}

  /**
   * Submits the job; Flink shows whatever is thrown.
   *
   * @throws ConfigurationException with everything that is wrong, so that nothing was submitted
   * @throws CommandLine.ParameterException if the arguments can't be understood
   */
  public static void main(String[] arguments) throws Exception {
    SubmittedJob job = new SubmittedJob();
    new CommandLine(job).parseArgs(arguments);
    job.submit();
  }

  private void submit() throws Exception {
    SubmittedRun run = SubmittedRun.current();
    List<ConfigurationProblem> problems = new ArrayList<>();
    AnalysisOptions.Configured configured = options.readToRunElsewhere(problems);
    ConfigurationException.throwIfAny(problems);
    AnalysisDefinition definition = configured.definition().orElseThrow();
    JobSettings settings = configured.job().settings().orElseThrow();
    Optional<SchemaIds> schemas =
        new Readiness(
                definition,
                settings,
                start.permissions(),
                run.isOnTheCluster()
                    ? Readiness.CheckpointsOf.THIS_PROCESS
                    : Readiness.CheckpointsOf.A_CLUSTER)
            .establish(problems);
    ConfigurationException.throwIfAny(problems);
    run.start(
        new AnalysisJob(definition, settings, definition.toEngineSource(), schemas.orElseThrow()),
        start.restore());
  }
}
