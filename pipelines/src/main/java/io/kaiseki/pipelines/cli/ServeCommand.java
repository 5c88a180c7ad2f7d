package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.policy.PolicyEngine;
import io.kaiseki.inference.telemetry.EngineMetrics;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.ValueForm;
import io.kaiseki.pipelines.serve.ChatServer;
import io.kaiseki.pipelines.serve.ServeSettings;
import io.kaiseki.schemas.registry.Secret;
import io.kaiseki.telemetry.Telemetry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Offers the engine to others. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description =
        "Serves a model over OpenAI's chat completions until Ctrl-C, with response_format"
            + " json_schema: one model for many jobs, and for any client. ANALYSIS may also be a"
            + " GGUF file. An analysis is offered as a model of its name besides: send it nothing"
            + " but the document.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki serve model.gguf",
      "  kaiseki serve ticket-triage --model model.gguf --port 8642",
      "  kaiseki serve model.gguf --host 0.0.0.0 --token-file /run/secrets/token -s model.slots=16"
    })
final class ServeCommand implements Callable<Integer> {

  private static final String TOKEN_VARIABLE = "KAISEKI_SERVE_TOKEN";

  /** Gives a bare model file the settings of a model; of its own it has no more than defaults. */
  private static final String ANY_ANALYSIS = "ticket-triage";

  private static final int LONGEST_QUEUE = 1_000_000;
  private static final int SMALLEST_BODY = 1_024;

  /** 1 GiB; a body is held in one array. */
  private static final int LARGEST_BODY = 1 << 30;

  @ParentCommand private Kaiseki kaiseki;

  @Mixin private AnalysisChoice choice = new AnalysisChoice();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on; default ${DEFAULT-VALUE}. Any other than loopback needs a token.")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8642",
      description = "Port to listen on; default ${DEFAULT-VALUE}, 0 takes any free one.")
  private int port;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "File with the token that clients must send; without it, the variable "
              + TOKEN_VARIABLE
              + ".")
  private @Nullable Path tokenFile;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Requests that may wait while all slots work; more get 429. Default ${DEFAULT-VALUE}.")
  private int queue;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      defaultValue = "4194304",
      description = "Most bytes of a request; default ${DEFAULT-VALUE}.")
  private int maxBody;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "Time for a request whose client names none; default ${DEFAULT-VALUE}.")
  private String deadline;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  ServeCommand() {}

  @Override
  public Integer call() throws Exception {
    List<ConfigurationProblem> problems = new ArrayList<>();
    boolean bare = bareModel(problems);
    Optional<AnalysisDefinition> definition = choice.definitionToRun(problems);
    definition.ifPresent(found -> ModelCheck.check(found, problems));
    ServeSettings settings = settings(bare ? Optional.empty() : definition, problems);
    ConfigurationException.throwIfAny(problems);
    try (Telemetry telemetry = ProcessTelemetry.start("serve", choice.sources(problems));
        InferenceEngine engine =
            PolicyEngine.around(definition.orElseThrow().toEngineSource().acquire());
        ChatServer server = ChatServer.start(settings, engine)) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf("Serving %s at %s%n", String.join(" and ", server.models()), server.url());
      out.println(
          (settings.token().isEmpty() ? "No token is asked for. " : "Clients must send the token. ")
              + "Ctrl-C ends it.");
      EngineMetrics.show(engine);
      ProcessTelemetry.tell(telemetry, out);
      out.flush();
      while (!kaiseki.stop().await(Duration.ofMinutes(1))) {
        // Requests come on threads of the server.
      }
      out.println("Ending; requests that are under way are answered first.");
      out.flush();
    }
    return ExitCode.OK;
  }

  private boolean bareModel(List<ConfigurationProblem> problems) {
    Path file = Path.of(choice.analysis);
    if (!choice.analysis.endsWith(".gguf") && !Files.isRegularFile(file)) {
      return false;
    }
    if (choice.model != null) {
      problems.add(
          new ConfigurationProblem(
              "--model", choice.model, "there is a model already: " + choice.analysis));
    }
    choice.model = choice.analysis;
    choice.analysis = ANY_ANALYSIS;
    return true;
  }

  private ServeSettings settings(
      Optional<AnalysisDefinition> definition, List<ConfigurationProblem> problems) {
    Optional<Duration> time =
        ValueForm.duration(Duration.ofSeconds(1), Duration.ofHours(24)).read(deadline);
    if (time.isEmpty()) {
      problems.add(
          new ConfigurationProblem("--deadline", deadline, "expected a time such as 30s or 10m"));
    }
    require(port >= 0 && port <= 65_535, "--port", port, "0 to 65535", problems);
    require(
        queue >= 0 && queue <= LONGEST_QUEUE, "--queue", queue, "0 to " + LONGEST_QUEUE, problems);
    require(
        maxBody >= SMALLEST_BODY && maxBody <= LARGEST_BODY,
        "--max-body",
        maxBody,
        SMALLEST_BODY + " to " + LARGEST_BODY,
        problems);
    ServeSettings settings =
        new ServeSettings(
            host,
            port,
            token(problems),
            maxBody,
            queue,
            time.orElse(Duration.ofMinutes(10)),
            definition.map(AnalysisDefinition::toAnalysis),
            definition
                .map(offered -> offered.limits().documentCharacters())
                .orElse(OptionalInt.empty()));
    if (settings.token().isEmpty() && !settings.loopback()) {
      problems.add(
          new ConfigurationProblem(
              "--host",
              host,
              "others than this machine could connect; set a token by --token-file or "
                  + TOKEN_VARIABLE));
    }
    return settings;
  }

  private Optional<Secret> token(List<ConfigurationProblem> problems) {
    String token = System.getenv(TOKEN_VARIABLE);
    if (tokenFile != null) {
      try {
        token = Files.readString(tokenFile).strip();
      } catch (IOException e) {
        problems.add(
            new ConfigurationProblem("--token-file", tokenFile.toString(), "can't be read: " + e));
        return Optional.empty();
      }
      if (token.isEmpty()) {
        problems.add(
            new ConfigurationProblem("--token-file", tokenFile.toString(), "the file is empty"));
      }
    }
    return token == null || token.isBlank()
        ? Optional.empty()
        : Optional.of(Secret.of(token.strip()));
  }

  private static void require(
      boolean holds, String option, int value, String expected, List<ConfigurationProblem> into) {
    if (!holds) {
      into.add(new ConfigurationProblem(option, String.valueOf(value), "expected " + expected));
    }
  }
}
