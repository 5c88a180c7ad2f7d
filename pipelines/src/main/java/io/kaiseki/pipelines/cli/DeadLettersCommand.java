package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.deadletters.LetterFilter;
import io.kaiseki.pipelines.deadletters.LetterListing;
import io.kaiseki.pipelines.deadletters.LetterReader;
import io.kaiseki.pipelines.deadletters.LetterTopic;
import io.kaiseki.pipelines.deadletters.OriginalFiles;
import io.kaiseki.pipelines.job.Readiness;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Counts and lists dead letters; changes nothing. */
@Command(
    name = "deadletters",
    mixinStandardHelpOptions = true,
    description =
        "Counts the letters in the dead-letter topic of an analysis by reason, stage and analysis,"
            + " and lists those of the analysis itself. Reads what is committed now, from the"
            + " topic's beginning, and changes nothing.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki deadletters ticket-triage --config kaiseki.yaml",
      "  kaiseki deadletters ticket-triage --config kaiseki.yaml --list --reason DEADLINE"
          + " --since 24h",
      "  kaiseki deadletters ticket-triage --config kaiseki.yaml --show-original ./letters"
          + " --limit 5"
    })
final class DeadLettersCommand implements Callable<Integer> {

  private static final int DEFAULT_LIMIT = 100;

  @ParentCommand private Kaiseki kaiseki;

  @Mixin private AnalysisOptions options = new AnalysisOptions();

  @Mixin private LetterOptions which = new LetterOptions();

  @Option(
      names = "--list",
      description = "List the analysis' letters one by one, without any document text.")
  private boolean list;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "" + DEFAULT_LIMIT,
      description = "Letters to list at most, oldest first; default ${DEFAULT-VALUE}.")
  private int limit = DEFAULT_LIMIT;

  @Option(
      names = "--show-original",
      paramLabel = "DIR",
      description =
          "Write the value of each listed letter's record to a file in this directory, byte for"
              + " byte. These are documents: only you may read the files.")
  private @Nullable Path originals;

  @Option(names = "--json", description = "Print a report as JSON in place of text.")
  private boolean json;

  @Option(names = "--report", paramLabel = "FILE", description = "Write that report to a file.")
  private @Nullable Path report;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  DeadLettersCommand() {}

  @Override
  public Integer call() throws IOException {
    OptionProblems own = new OptionProblems();
    List<ConfigurationProblem> problems = own.all();
    AnalysisOptions.Configured configured = options.readWithoutModel(problems);
    LetterFilter filter = which.filter(Optional.empty(), Instant.now(), problems);
    own.checkAtLeast("--limit", limit, 1);
    own.checkWritable("--report", report);
    configured.job().kafka().ifPresent(kafka -> Readiness.reach(kafka, problems));
    configured.job().registry().ifPresent(registry -> Readiness.reach(registry, problems));
    own.refuseAny();
    AnalysisDefinition definition = configured.definition().orElseThrow();
    JobSettings settings = configured.job().settings().orElseThrow();
    LetterTopic topic = LetterTopic.find(settings.kafka(), definition.topics().deadLetters());
    write(topic, read(settings, topic, filter, definition.name()));
    return ExitCode.OK;
  }

  private LetterListing read(
      JobSettings settings, LetterTopic topic, LetterFilter filter, String analysis)
      throws IOException {
    Optional<OriginalFiles> files =
        originals == null ? Optional.empty() : Optional.of(OriginalFiles.in(originals));
    int listed = list || files.isPresent() ? limit : 0;
    LetterListing listing =
        new LetterListing(
            filter,
            topic.sentAgain(settings.kafka()),
            new LetterListing.Listed(analysis, listed, files));
    PrintWriter watched = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    try (LetterReader letters =
            new LetterReader(settings.kafka(), settings.registry(), topic.name());
        Progress progress = Progress.ofRecords(topic.name(), watched)) {
      letters.forEach(
          (done, total) -> {
            progress.advanced(done, total);
            stopIfAsked();
          },
          listing);
    }
    return listing;
  }

  private void stopIfAsked() {
    if (kaiseki.stop().isRequested()) {
      throw new IllegalStateException("stopped before the end of the topic");
    }
  }

  private void write(LetterTopic topic, LetterListing found) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> asJson = new LinkedHashMap<>();
    asJson.put("topic", topic.name());
    asJson.putAll(found.counts().report());
    asJson.put("letters", found.lines());
    if (json) {
      out.print(WholeFile.json(asJson));
    } else {
      new LetterScreen(out).counts(topic.name(), found.counts());
      new LetterScreen(out).lines(found.lines());
    }
    if (report != null) {
      WholeFile.writeJson(report, asJson);
      spec.commandLine().getErr().println("Report in " + report);
    }
    out.flush();
  }
}
