package io.kaiseki.pipelines.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * Stands for {@code kaiseki desk} in the list of commands. The launcher starts the desk with its
 * own libraries, so whoever comes here has gone round the launcher.
 */
@Command(
    name = "desk",
    mixinStandardHelpOptions = true,
    description = "Serves a live view of results, with a page to work from and an API.",
    footerHeading = "%nExample:%n",
    footer = "  kaiseki desk ticket-triage --config kaiseki.yaml --port 8090")
final class DeskNotHere implements Callable<Integer> {

  @Parameters(hidden = true)
  private List<String> arguments = List.of();

  @Unmatched private List<String> options = List.of();

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
