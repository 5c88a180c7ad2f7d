package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.config.DeskOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * Stands for {@code kaiseki desk} in the list of commands and in the reference page. The launcher
 * starts the desk with its own libraries, so whoever comes here has gone round the launcher.
 */
@Command(
    name = "desk",
    mixinStandardHelpOptions = true,
    description =
        "Serves a live view of an analysis' results, with a page to work from and an API, until"
            + " Ctrl-C. Several instances share the work; each answers for all.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki desk ticket-triage --bootstrap localhost:9092 --registry http://localhost:8081"
          + " --create-topics --auto-register",
      "  kaiseki desk ./my-analysis --config kaiseki.yaml --port 8091"
    })
final class DeskNotHere implements Callable<Integer> {

  @Parameters(
      paramLabel = "ANALYSIS",
      description = "Name of a built-in analysis, or the path of a folder.")
  private String analysis = "";

  @Mixin private final DeskOptions options = new DeskOptions();

  @Unmatched private List<String> others = List.of();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  DeskNotHere() {}

  @Override
  public Integer call() {
    spec.commandLine()
        .getErr()
        .println(
            "kaiseki: the desk is a process of its own; start it with the launcher (./kaiseki"
                + " desk), or run io.kaiseki.desk.cli.DeskCommand with the jars of desk-lib");
    spec.commandLine().getErr().flush();
    return ExitCode.SOFTWARE;
  }
}
