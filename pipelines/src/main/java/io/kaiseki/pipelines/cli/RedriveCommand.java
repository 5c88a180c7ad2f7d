package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.ValueForm;
import io.kaiseki.pipelines.deadletters.LetterFilter;
import io.kaiseki.pipelines.deadletters.LetterTopic;
import io.kaiseki.pipelines.deadletters.RedriveReport;
import io.kaiseki.pipelines.deadletters.RedriveRequest;
import io.kaiseki.pipelines.deadletters.Redriver;
import io.kaiseki.pipelines.job.Readiness;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sends the records of dead letters back to where they came from, once each. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    description =
        "Sends the records of an analysis' dead letters back to the topic that each came from:"
            + " bytes, key, headers and timestamp as they were, and one more header that counts"
            + " attempts."
            + " Each letter is sent once, however often this is run, stopped or killed.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every letter that was meant is sent, or was before, or was tried too often",
      "1:some letters can't be sent, or read, for reasons that it prints, or the cluster failed",
      "2:before it began: options or settings are wrong, or what they name is missing, out of reach"
          + " or in use"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki redrive ticket-triage --config kaiseki.yaml --reason SCHEMA_UNKNOWN --dry-run",
      "  kaiseki redrive ticket-triage --config kaiseki.yaml --reason SCHEMA_UNKNOWN"
          + " --create-topics",
      "  kaiseki redrive ticket-triage --config kaiseki.yaml --since 24h --limit 1000"
    })
final class RedriveCommand implements Callable<Integer> {

  @ParentCommand private Kaiseki kaiseki;

  @Mixin private AnalysisOptions options = new AnalysisOptions();

  @Mixin private LetterOptions which = new LetterOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Letters to send at most, oldest first in each partition; default all.")
  private @Nullable Long limit;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      defaultValue = "" + RedriveRequest.DEFAULT_MAX_ATTEMPTS,
      description =
          "Documents that were tried so often stay where they are; default ${DEFAULT-VALUE}.")
  private int maxAttempts = RedriveRequest.DEFAULT_MAX_ATTEMPTS;

  @Option(
      names = "--to",
      paramLabel = "TOPIC",
      description = "Send all of them to this topic in place of the one each came from.")
  private @Nullable String to;

  @Option(
      names = "--create-topics",
      description = "Create the topic that notes what was sent (DEAD-LETTERS.redriven).")
  private boolean createTopics;

  @Option(names = "--dry-run", description = "Say what would be sent, and send nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print a report as JSON in place of text.")
  private boolean json;

  @Option(names = "--report", paramLabel = "FILE", description = "Write that report to a file.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  RedriveCommand() {}

  @Override
  public Integer call() throws IOException {
    OptionProblems own = new OptionProblems();
    List<ConfigurationProblem> problems = own.all();
    AnalysisOptions.Configured configured = options.readWithoutModel(problems);
    LetterFilter filter =
        which.filter(
            configured.definition().map(AnalysisDefinition::name), Instant.now(), problems);
    checkNumbers(problems);
    // What was sent stays sent, and only this run's report tells of it.
    own.checkWritable("--report", report);
    configured.definition().ifPresent(definition -> checkTarget(definition, problems));
    configured.job().kafka().ifPresent(kafka -> Readiness.reach(kafka, problems));
    configured.job().registry().ifPresent(registry -> Readiness.reach(registry, problems));
    own.refuseAny();
    JobSettings settings = configured.job().settings().orElseThrow();
    LetterTopic topic =
        logged(
            LetterTopic.find(
                settings.kafka(), configured.definition().orElseThrow().topics().deadLetters()),
            settings);
    RedriveRequest request =
        new RedriveRequest(
            filter,
            Optional.ofNullable(to),
            limit == null ? OptionalLong.empty() : OptionalLong.of(limit),
            maxAttempts,
            dryRun,
            RedriveRequest.DEFAULT_BATCH);
    PrintWriter watched = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    RedriveReport result;
    try (Progress progress = Progress.ofRecords(topic.name(), watched)) {
      result =
          Redriver.run(
              settings.kafka(),
              settings.registry(),
              topic,
              request,
              (done, total) -> {
                progress.advanced(done, total);
                stopIfAsked();
              });
    }
    write(topic, result);
    return result.hasProblems() ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private LetterTopic logged(LetterTopic topic, JobSettings settings) {
    if (topic.logged()) {
      topic.checkLog(settings.kafka());
    }
    if (topic.logged() || dryRun) {
      return topic;
    }
    if (!createTopics) {
      throw new ConfigurationException(
          List.of(
              new ConfigurationProblem(
                  "topics.dead-letters",
                  topic.name(),
                  "the topic "
                      + topic.logTopic()
                      + ", which notes what was sent again, is missing at "
                      + settings.kafka().bootstrapServers()
                      + "; create it with cleanup.policy=compact, or pass --create-topics")));
    }
    return topic.withLog(settings.kafka());
  }

  private void checkNumbers(Collection<ConfigurationProblem> problems) {
    if (limit != null && limit < 1) {
      problems.add(
          new ConfigurationProblem(
              "--limit", String.valueOf(limit), "expected a whole number from 1 on"));
    }
    if (maxAttempts < 1) {
      problems.add(
          new ConfigurationProblem(
              "--max-attempts", String.valueOf(maxAttempts), "expected a whole number from 1 on"));
    }
  }

  /** Dead letters that are sent to a topic of results or dead letters would go round or harm. */
  private void checkTarget(
      AnalysisDefinition definition, Collection<ConfigurationProblem> problems) {
    if (to == null) {
      return;
    }
    String deadLetters = definition.topics().deadLetters();
    if (ValueForm.topic().read(to).isEmpty()) {
      problems.add(
          new ConfigurationProblem("--to", to, "expected " + ValueForm.topic().expected()));
    } else if (to.equals(deadLetters)
        || to.equals(LetterTopic.logTopic(deadLetters))
        || to.equals(definition.topics().results())) {
      problems.add(
          new ConfigurationProblem(
              "--to", to, "holds no documents; name a topic that an analysis reads"));
    }
  }

  private void stopIfAsked() {
    if (kaiseki.stop().isRequested()) {
      throw new IllegalStateException(
          "stopped; what was sent stays sent, and another run sends the rest");
    }
  }

  private void write(LetterTopic topic, RedriveReport result) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> asJson = new LinkedHashMap<>();
    asJson.put("topic", topic.name());
    asJson.putAll(result.report());
    if (json) {
      out.print(WholeFile.json(asJson));
    } else {
      new LetterScreen(out).redriven(topic.name(), result);
    }
    if (report != null) {
      WholeFile.writeJson(report, asJson);
      spec.commandLine().getErr().println("Report in " + report);
    }
    out.flush();
  }
}
