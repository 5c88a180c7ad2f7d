package io.kaiseki.desk.cli;

import io.kaiseki.desk.run.Desk;
import io.kaiseki.pipelines.config.Causes;
import io.kaiseki.pipelines.config.CommandErrors;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeskOptions;
import io.kaiseki.pipelines.config.DeskSettings;
import io.kaiseki.pipelines.config.DeskSettingsReader;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.config.SettingSources;
import io.kaiseki.pipelines.config.TelemetrySettingsReader;
import io.kaiseki.telemetry.Telemetry;
import io.kaiseki.telemetry.TelemetrySettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves the desk of an analysis until it is stopped. */
@Command(
    name = "kaiseki desk",
    mixinStandardHelpOptions = true,
    description =
        "Serves a live view of an analysis' results, with a page to work from and an API, until"
            + " Ctrl-C. Several instances share the work; each answers for all.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki desk ticket-triage --bootstrap localhost:9092 --registry http://localhost:8081"
          + " --create-topics --auto-register",
      "  kaiseki desk ./my-analysis --config kaiseki.yaml --port 8091"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was stopped",
      "1:it could not go on, for a reason that it prints",
      "2:before it began: options or settings are wrong, or what they name is missing, out of reach"
          + " or in use"
    })
public final class DeskCommand implements Callable<Integer> {

  private static final long FINISH_SECONDS = 40;
  private static final String VERSION = "/io/kaiseki/desk/version.properties";

  @Parameters(
      paramLabel = "ANALYSIS",
      description = "Name of a built-in analysis, or the path of a folder.")
  private String analysis = "";

  @Mixin private final DeskOptions options = new DeskOptions();

  @Option(names = "--verbose", description = "Print the stack trace of an error as well.")
  private boolean verbose;

  @Spec private CommandSpec spec;

  private final CountDownLatch stop = new CountDownLatch(1);

  @SuppressWarnings("NullAway.Init")
  DeskCommand() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    DeskCommand command = new DeskCommand();
    CountDownLatch finished = new CountDownLatch(1);
    Thread hook = new Thread(() -> command.shutDown(finished), "stop-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    int code = ExitCode.SOFTWARE;
    try {
      code = commandLine(command).execute(arguments);
    } finally {
      // Whatever ended the command, the end of the process must not wait for it.
      finished.countDown();
    }
    System.exit(code);
  }

  static CommandLine commandLine(DeskCommand command) {
    return new CommandLine(command)
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(CommandErrors::reported)
        .setExecutionExceptionHandler((failure, line, result) -> command.report(failure));
  }

  @Override
  public Integer call() throws Exception {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Optional<AnalysisFile> file = AnalysisFile.find(analysis, problems);
    Map<String, Setting> given = sources(file, problems);
    String name =
        value("name", given, problems)
            .orElseGet(() -> file.map(AnalysisFile::name).orElse("analysis"));
    Optional<DeskSettings> read = new DeskSettingsReader(given, problems).read(name);
    TelemetrySettings observed =
        new TelemetrySettingsReader(given, problems).read("kaiseki-desk", version());
    String title = value("title", given, problems).orElse(name);
    ConfigurationException.throwIfAny(problems);
    DeskSettings desk = read.orElseThrow();
    // Instruments that are made before it would measure nothing.
    try (Telemetry telemetry = start(observed);
        Desk running = Desk.start(desk, title, options.createTopics(), options.autoRegister())) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf("The desk of %s: %s%n", name, running.url());
      telemetry.endpoint().ifPresent(at -> out.println("Metrics for Prometheus: " + at));
      out.println("Ctrl-C ends it.");
      out.flush();
      awaitStop(running);
    }
    return ExitCode.OK;
  }

  private static Telemetry start(TelemetrySettings settings) throws IOException {
    try {
      return Telemetry.start(settings);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          List.of(
              new ConfigurationProblem(
                  JobKeys.OTEL_PREFIX + "*", "", String.valueOf(e.getMessage()))));
    } catch (BindException e) {
      throw new ConfigurationException(
          List.of(
              new ConfigurationProblem(
                  JobKeys.METRICS_PORT.name(), "", e.getMessage() + "; name others, or off")));
    }
  }

  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        Objects.requireNonNull(DeskCommand.class.getResourceAsStream(VERSION), VERSION)) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }

  private void awaitStop(Desk running) throws InterruptedException, ExecutionException {
    while (!stop.await(200, TimeUnit.MILLISECONDS)) {
      try {
        running.failure().get(0, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // It runs.
      }
    }
  }

  private Map<String, Setting> sources(
      Optional<AnalysisFile> file, List<ConfigurationProblem> problems) {
    SettingSources sources = new SettingSources(System.getenv());
    file.ifPresent(found -> found.addTo(sources));
    options.addTo(sources);
    problems.addAll(sources.problems());
    return sources.settings();
  }

  private static Optional<String> value(
      String key, Map<String, Setting> given, List<ConfigurationProblem> problems) {
    return Optional.ofNullable(given.get(key)).flatMap(setting -> setting.value(problems));
  }

  private int report(Exception failure) {
    PrintWriter err = spec.commandLine().getErr();
    boolean wrong = failure instanceof ConfigurationException;
    if (failure instanceof ConfigurationException configuration) {
      int count = configuration.problems().size();
      err.println(
          count == 1 ? "kaiseki: 1 setting is wrong" : "kaiseki: " + count + " settings are wrong");
      configuration.problems().forEach(problem -> err.println("  " + problem));
    } else {
      Throwable root = Causes.root(failure);
      String context = String.valueOf(failure.getMessage());
      err.println("kaiseki: " + (root == failure ? context : context + ": " + root.getMessage()));
      err.println("More in " + System.getProperty("kaiseki.log.file", "the log") + ".");
    }
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return wrong ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  private void shutDown(CountDownLatch finished) {
    stop.countDown();
    try {
      if (!finished.await(FINISH_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("kaiseki: did not end within " + FINISH_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
