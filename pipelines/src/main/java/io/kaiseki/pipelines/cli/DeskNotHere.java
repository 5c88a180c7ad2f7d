package io.kaiseki.pipelines.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * Stands for {@code kaiseki desk} in the list of commands and in the reference page, with the
 * options of the real one, whose tests compare. The launcher starts the desk with its own
 * libraries, so whoever comes here has gone round the launcher.
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
      arity = "0..1",
      description = "Name of a built-in analysis, or the path of a folder.")
  private @Nullable String analysis;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings as YAML, or as Java properties if it ends in .properties.")
  private @Nullable String config;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers (setting kafka.bootstrap.servers).")
  private @Nullable String bootstrap;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "Schema registry (setting registry.url).")
  private @Nullable String registry;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (setting desk.host); loopback unless given.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on (setting desk.port); 8090 unless given, 0 for a free one.")
  private @Nullable String port;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "Any other setting, such as -s desk.retention=168h. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--create-topics", description = "Create the desk's own topics.")
  private boolean createTopics;

  @Option(names = "--auto-register", description = "Register the schema of feedback.")
  private boolean autoRegister;

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
