package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.config.DeliverySettings.Guarantee;
import io.kaiseki.pipelines.demo.Demo;
import io.kaiseki.pipelines.demo.DemoOptions;
import io.kaiseki.pipelines.demo.DemoResult;
import io.kaiseki.telemetry.Telemetry;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows the product, whole and on this machine alone. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Starts a Kafka broker, a schema registry and a Flink job with a model in process, sends"
            + " sample tickets through them, counts what comes out and shows it at a desk in the"
            + " browser. Everything listens on"
            + " loopback only and is gone afterwards.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki demo",
      "  kaiseki demo --documents 60 --exit --report out.json",
      "  kaiseki demo --model DeepSeek-R1-Distill-Qwen-1.5B-Q4_0.gguf"
    })
final class DemoCommand implements Callable<Integer> {

  @ParentCommand private Kaiseki kaiseki;

  @Option(
      names = "--documents",
      paramLabel = "N",
      description = "Tickets to send; without it they come until Ctrl-C.")
  private @Nullable Long documents;

  @Option(
      names = "--exit",
      description = "End when all have come out, and do not leave the services up to look at.")
  private boolean exit;

  @Option(names = "--report", paramLabel = "FILE", description = "Write a report as JSON.")
  private @Nullable Path report;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "GGUF file; without it, the small one that ships with Kaiseki.")
  private @Nullable Path model;

  @Option(
      names = "--delivery",
      paramLabel = "GUARANTEE",
      defaultValue = "exactly-once",
      description = "exactly-once or at-least-once; default ${DEFAULT-VALUE}.")
  private String delivery;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the broker; default any free one.")
  private int port;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "10",
      description = "Tickets in a second, as long as the model keeps up; default ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--no-desk",
      description = "Leave out the desk, the page to work from; --exit leaves it out as well.")
  private boolean noDesk;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    DemoOptions options = options();
    PrintWriter out = spec.commandLine().getOut();
    Path directory = Files.createTempDirectory("kaiseki-demo");
    DemoScreen screen = new DemoScreen(out, options, kaiseki.stop());
    screen.welcome();
    try (Telemetry telemetry = ProcessTelemetry.start("demo");
        Demo demo = new Demo(options, directory, screen)) {
      ProcessTelemetry.tell(telemetry, out);
      DemoResult result = demo.run();
      screen.summary(result);
      if (report != null) {
        WholeFile.writeJson(report, result.report());
        out.println("Report in " + report);
      }
      boolean shown =
          documents == null ? result.tally().duplicates() == 0 : result.tally().isExact();
      if (!exit && !kaiseki.stop().isRequested()) {
        out.println("The services stay up to look at. Ctrl-C ends them.");
        out.flush();
        while (!kaiseki.stop().await(Duration.ofSeconds(1))) {
          continue;
        }
      }
      out.flush();
      return shown ? ExitCode.OK : ExitCode.SOFTWARE;
    } finally {
      screen.close();
      TemporaryFiles.delete(directory);
    }
  }

  private DemoOptions options() {
    OptionProblems problems = new OptionProblems();
    if (documents != null && documents < 1) {
      problems.add("--documents", documents.toString(), "expected a whole number from 1 on");
    }
    if (exit && documents == null) {
      problems.add("--exit", "", "needs --documents N, or there would be no end");
    }
    problems.checkFile("--model", model, "no such file; name a GGUF file");
    Optional<Guarantee> guarantee = Guarantee.named(delivery);
    if (guarantee.isEmpty()) {
      problems.add("--delivery", delivery, "expected exactly-once or at-least-once");
    }
    if (port < 0 || port > 65_535) {
      problems.add("--port", String.valueOf(port), "expected a port from 0 to 65535");
    }
    if (!(rate > 0 && rate <= 1000)) {
      problems.add("--rate", String.valueOf(rate), "expected a number above 0, up to 1000");
    }
    problems.checkWritable("--report", report);
    problems.refuseAny();
    return new DemoOptions(
        documents == null ? OptionalLong.empty() : OptionalLong.of(documents),
        Optional.ofNullable(model),
        guarantee.orElseThrow(),
        port,
        rate,
        !noDesk && !exit);
  }
}
