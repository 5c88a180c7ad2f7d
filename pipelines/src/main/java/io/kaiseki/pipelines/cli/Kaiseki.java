package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.config.CommandErrors;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself. It ends with 0 only if it has done what it was asked to do. */
@Command(
    name = "kaiseki",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Analyses business documents from Kafka with a local DeepSeek-R1 model inside Flink.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it has done what it was asked to do",
      "1:it began and could not, for a reason that it prints",
      "2:before it began: options or settings are wrong, or what they name is missing, out of reach"
          + " or in use"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki demo --documents 60 --exit",
      "  kaiseki check ticket-triage --config kaiseki.yaml",
      "  kaiseki run ticket-triage --config kaiseki.yaml --model model.gguf",
      "  kaiseki backfill ticket-triage --from ./archive --config kaiseki.yaml",
      "  kaiseki desk ticket-triage --config kaiseki.yaml",
      "  kaiseki redrive ticket-triage --config kaiseki.yaml --reason DEADLINE --since 24h",
      "  kaiseki eval ticket-triage --model model.gguf --labels tickets.csv --html report.html",
      "  kaiseki serve model.gguf",
      "  kaiseki model make --shape tiny --output tiny.gguf"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      BackfillCommand.class,
      CheckCommand.class,
      PrepareCommand.class,
      SamplesCommand.class,
      DeadLettersCommand.class,
      RedriveCommand.class,
      SchemaCommand.class,
      ModelCommand.class,
      NativeCommand.class,
      BenchCommand.class,
      EvalCommand.class,
      ServeCommand.class,
      DeskNotHere.class,
      HelpCommand.class
    })
public final class Kaiseki implements Callable<Integer> {

  private final StopSignal stop;

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error as well.")
  private boolean verbose;

  @SuppressWarnings("NullAway.Init")
  Kaiseki(StopSignal stop) {
    this.stop = stop;
  }

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    StopSignal stop = StopSignal.install();
    int code = ExitCode.SOFTWARE;
    try {
      code = commandLine(stop).execute(arguments);
    } finally {
      // Whatever ended the command, the end of the process must not wait for it.
      stop.finished(code);
    }
    System.exit(code);
  }

  static CommandLine commandLine(StopSignal stop) {
    Kaiseki kaiseki = new Kaiseki(stop);
    return new CommandLine(kaiseki)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(CommandErrors::reported)
        .setExecutionExceptionHandler(
            (failure, command, result) -> Failures.report(failure, command, kaiseki.verbose));
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Say what to do: one of the commands below.");
  }

  StopSignal stop() {
    return stop;
  }
}
