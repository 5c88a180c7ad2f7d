package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.cluster.JobTarget;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.AnalysisJob;
import io.kaiseki.pipelines.job.DirectoryLock;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.JobStart;
import io.kaiseki.pipelines.job.Readiness;
import io.kaiseki.pipelines.job.SchemaIds;
import io.kaiseki.telemetry.Telemetry;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs an analysis until it is stopped. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description =
        "Runs an analysis on your Kafka cluster: in this process until Ctrl-C, or on a Flink"
            + " cluster. It goes on from the newest checkpoint or savepoint that an earlier run of"
            + " the same job has left.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki run ticket-triage --model model.gguf --bootstrap localhost:9092"
          + " --registry http://localhost:8081",
      "  kaiseki run ./my-analysis --config kaiseki.yaml --restore none",
      "  kaiseki run ./my-analysis --config kaiseki.yaml --target flink:localhost:8081"
    })
final class RunCommand implements Callable<Integer> {

  @ParentCommand private Kaiseki kaiseki;

  @Mixin private AnalysisOptions options = new AnalysisOptions();

  @Mixin private StartOptions start = new StartOptions();

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      defaultValue = "local",
      description = "Where it runs: " + JobTarget.FORMS + "; default ${DEFAULT-VALUE}.")
  private String target = "local";

  @Option(
      names = "--print-submit",
      description = "Print the line that submits the same job by Flink's own command, and end.")
  private boolean printSubmit;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    List<ConfigurationProblem> problems = new ArrayList<>();
    JobTarget where =
        JobTarget.read(target)
            .orElseThrow(
                () ->
                    new ConfigurationException(
                        List.of(
                            new ConfigurationProblem(
                                "--target", target, "expected " + JobTarget.FORMS))));
    if (printSubmit) {
      return new SubmitLine(where, options, start).print(spec.commandLine().getOut());
    }
    if (where instanceof JobTarget.Session session) {
      return new SessionStart(session, options, start, kaiseki.stop())
          .run(spec.commandLine().getOut());
    }
    if (where instanceof JobTarget.Kubernetes) {
      return new KubernetesStart(options, start).run(spec.commandLine().getOut());
    }
    return runHere(problems);
  }

  private int runHere(List<ConfigurationProblem> problems)
      throws IOException, InterruptedException {
    AnalysisOptions.Configured configured = options.read(problems, true);
    configured.definition().ifPresent(definition -> ModelCheck.check(definition, problems));
    ConfigurationException.throwIfAny(problems);
    AnalysisDefinition definition = configured.definition().orElseThrow();
    JobSettings settings = configured.job().settings().orElseThrow();
    Optional<SchemaIds> schemas =
        new Readiness(definition, settings, start.permissions()).establish(problems);
    AnalysisJob job =
        new AnalysisJob(
            definition,
            settings,
            definition.toEngineSource(),
            schemas.orElseThrow(() -> new ConfigurationException(problems)));
    DirectoryLock lock =
        JobStart.lock(settings, problems).orElseThrow(() -> new ConfigurationException(problems));
    try (lock) {
      Optional<String> begin = start.restore().resolve(settings);
      JobStart.requireCheckpoint(definition, settings, start.restore(), begin, problems);
      ConfigurationException.throwIfAny(problems);
      return run(job, begin, problems);
    }
  }

  private int run(AnalysisJob job, Optional<String> begin, List<ConfigurationProblem> problems)
      throws IOException, InterruptedException {
    // Held for the whole run: a model that can't be started is told before the job, and a restart
    // of the job does not load it again.
    try (Telemetry telemetry = ProcessTelemetry.start("run", options.sources(problems));
        InferenceEngine engine = job.engine().acquire()) {
      ProcessTelemetry.tell(telemetry, spec.commandLine().getOut());
      return run(job, begin, engine);
    }
  }

  private int run(AnalysisJob job, Optional<String> begin, InferenceEngine engine)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (JobRun run = JobRun.start(job, JobRun.Restore.from(begin))) {
      out.printf(
          "%s runs %s on %s: %s -> %s, dead letters -> %s%n",
          job.settings().name(),
          job.definition().name(),
          engine.description().model(),
          job.definition().topics().documents(),
          job.definition().topics().results(),
          job.definition().topics().deadLetters());
      job.definition()
          .routes()
          .forEach(route -> out.printf("  %s -> %s%n", route.when(), route.topic()));
      out.println(
          run.restoredFrom().map(from -> "Restored from " + from).orElse("No checkpoint to restore")
              + ". Ctrl-C ends it.");
      out.flush();
      while (!kaiseki.stop().await(Duration.ofMillis(500))) {
        if (run.result().isDone()) {
          run.result().join();
          throw new IllegalStateException("the job ended by itself, which a stream never does");
        }
      }
      out.println("Stopping; the next run goes on from the last checkpoint.");
      out.flush();
      return ExitCode.OK;
    } catch (CompletionException e) {
      throw new IllegalStateException("the job failed", e.getCause());
    }
  }
}
