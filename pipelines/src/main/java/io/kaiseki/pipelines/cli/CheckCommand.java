package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.job.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says everything that stands in the way of a run, and starts and changes nothing. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Checks analysis, settings, model file, connections, topics and schemas, and reports every"
            + " problem at once. Starts and changes nothing.",
    footerHeading = "%nExample:%n",
    footer = "  kaiseki check ./my-analysis --config kaiseki.yaml --model model.gguf")
final class CheckCommand implements Callable<Integer> {

  @Mixin private AnalysisOptions options = new AnalysisOptions();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  CheckCommand() {}

  @Override
  public Integer call() {
    List<ConfigurationProblem> problems = new ArrayList<>();
    AnalysisOptions.Configured configured = options.read(problems, true);
    configured.definition().ifPresent(definition -> ModelCheck.check(definition, problems));
    if (configured.definition().isPresent() && configured.job().settings().isPresent()) {
      new Readiness(
              configured.definition().get(),
              configured.job().settings().get(),
              Readiness.Permissions.NONE,
              Readiness.CheckpointsOf.A_LATER_RUN)
          .establish(problems);
    } else {
      configured.job().kafka().ifPresent(kafka -> Readiness.reach(kafka, problems));
      configured.job().registry().ifPresent(registry -> Readiness.reach(registry, problems));
    }
    if (problems.isEmpty()) {
      spec.commandLine().getOut().println("Ready: kaiseki run " + options.analysis);
      return ExitCode.OK;
    }
    Failures.print(problems, spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}
