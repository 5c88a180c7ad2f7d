package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.demo.SampleArrival;
import io.kaiseki.pipelines.demo.SampleFeed;
import io.kaiseki.pipelines.demo.SampleTickets;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sends sample tickets, to see a deployment work. */
@Command(
    name = "samples",
    mixinStandardHelpOptions = true,
    description =
        "Sends sample tickets to the documents topic of an analysis until Ctrl-C, some of them"
            + " hostile and some broken, to see a deployment work. Not for topics in use.",
    footerHeading = "%nExample:%n",
    footer = "  kaiseki samples ticket-triage --config kaiseki.yaml --rate 2 --documents 100")
final class SamplesCommand implements Callable<Integer> {

  @ParentCommand private Kaiseki kaiseki;

  @Mixin private AnalysisOptions options = new AnalysisOptions();

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "1",
      description = "Tickets in a second; default ${DEFAULT-VALUE}.")
  private double rate = 1;

  @Option(
      names = "--documents",
      paramLabel = "N",
      description = "End after so many; without it, at Ctrl-C.")
  private @Nullable Long documents;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  SamplesCommand() {}

  @Override
  public Integer call() throws Exception {
    List<ConfigurationProblem> problems = new ArrayList<>();
    AnalysisOptions.Configured configured = options.readWithoutModel(problems);
    if (!(rate > 0 && rate <= 1000)) {
      problems.add(
          new ConfigurationProblem(
              "--rate", String.valueOf(rate), "expected a number over 0 and at most 1000"));
    }
    if (documents != null && documents < 1) {
      problems.add(
          new ConfigurationProblem(
              "--documents", documents.toString(), "expected a whole number from 1 on"));
    }
    ConfigurationException.throwIfAny(problems);
    AnalysisDefinition definition = configured.definition().orElseThrow();
    JobSettings settings = configured.job().settings().orElseThrow();
    int schema = DocumentSubject.register(definition, settings.registry());
    long wanted = documents == null ? Long.MAX_VALUE : documents;
    long sent = 0;
    try (SampleFeed feed =
        new SampleFeed(definition.topics().documents(), schema, settings.kafka())) {
      Iterator<SampleArrival> arrivals = SampleTickets.load().arrivals(wanted).iterator();
      Duration pause = Duration.ofMillis(Math.round(1000 / rate));
      while (arrivals.hasNext() && !kaiseki.stop().isRequested()) {
        feed.send(arrivals.next());
        sent++;
        kaiseki.stop().await(pause);
      }
    }
    return tell(sent, definition.topics().documents());
  }

  /** Says how many were sent to a topic, and whether it is what was asked for. */
  int tell(long sent, String topic) {
    PrintWriter out = spec.commandLine().getOut();
    boolean all = documents == null || sent == documents;
    if (all) {
      out.printf("%,d tickets sent to %s%n", sent, topic);
    } else {
      out.printf("Stopped: %,d of %,d tickets sent to %s%n", sent, documents, topic);
    }
    out.flush();
    return all ? ExitCode.OK : ExitCode.SOFTWARE;
  }
}
