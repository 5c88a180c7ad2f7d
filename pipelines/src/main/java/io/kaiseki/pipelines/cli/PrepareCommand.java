package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.job.Readiness;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes what an analysis needs around it, before it is deployed. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description =
        "Creates the topics of an analysis and registers its schemas, as far as they are not there."
            + " Starts nothing; may be repeated.",
    footerHeading = "%nExample:%n",
    footer = "  kaiseki prepare ticket-triage --config kaiseki.yaml --partitions 6")
final class PrepareCommand implements Callable<Integer> {

  @Mixin private AnalysisOptions options = new AnalysisOptions();

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description = "Partitions of topics that are created; default ${DEFAULT-VALUE}.")
  private int partitions = 1;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  PrepareCommand() {}

  @Override
  public Integer call() throws IOException {
    List<ConfigurationProblem> problems = new ArrayList<>();
    AnalysisOptions.Configured configured = options.readWithoutModel(problems);
    ConfigurationException.throwIfAny(problems);
    AnalysisDefinition definition = configured.definition().orElseThrow();
    JobSettings settings = configured.job().settings().orElseThrow();
    new Readiness(
            definition,
            settings,
            new Readiness.Permissions(true, partitions, true),
            Readiness.CheckpointsOf.A_CLUSTER)
        .establish(problems);
    ConfigurationException.throwIfAny(problems);
    DocumentSubject.register(definition, settings.registry());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Ready: topics %s, %s and %s, and their schemas%n",
        definition.topics().documents(),
        definition.topics().results(),
        definition.topics().deadLetters());
    out.flush();
    return ExitCode.OK;
  }
}
