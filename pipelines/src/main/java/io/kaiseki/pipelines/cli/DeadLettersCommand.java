package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.deadletters.LetterCounts;
import io.kaiseki.pipelines.deadletters.LetterFilter;
import io.kaiseki.pipelines.deadletters.LetterReader;
import io.kaiseki.pipelines.deadletters.LetterTopic;
import io.kaiseki.pipelines.deadletters.OriginalFiles;
import io.kaiseki.pipelines.deadletters.StoredLetter;
import io.kaiseki.pipelines.job.Readiness;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
        "Counts the dead letters of an analysis by reason, stage and analysis, and lists them."
            + " Reads what is committed now, from the topic's beginning, and changes nothing.",
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

  @Option(names = "--list", description = "List letters one by one, without any document text.")
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
    Found found = read(settings, topic, filter);
    write(topic, found);
    return ExitCode.OK;
  }

  private record Found(LetterCounts counts, List<Map<String, Object>> listed) {}

  private Found read(JobSettings settings, LetterTopic topic, LetterFilter filter)
      throws IOException {
    LetterTopic.SentAgain sentAgain = topic.sentAgain(settings.kafka());
    LetterCounts counts = new LetterCounts();
    List<Map<String, Object>> listed = new ArrayList<>();
    Optional<OriginalFiles> files =
        originals == null ? Optional.empty() : Optional.of(OriginalFiles.in(originals));
    PrintWriter watched = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    try (LetterReader letters =
            new LetterReader(settings.kafka(), settings.registry(), topic.name());
        Progress progress = Progress.ofRecords(topic.name(), watched)) {
      letters.forEach(
          (done, total) -> {
            progress.advanced(done, total);
            stopIfAsked();
          },
          new LetterReader.Visitor() {
            @Override
            public void letter(StoredLetter letter) {
              if (filter.admits(letter.letter())) {
                boolean sent = sentAgain.contains(letter);
                counts.add(letter.letter(), sent);
                if ((list || files.isPresent()) && listed.size() < limit) {
                  Map<String, Object> line = line(letter, sent);
                  files.ifPresent(to -> line.put("file", to.write(letter).toString()));
                  listed.add(line);
                }
              }
            }

            @Override
            public void unreadable(int partition, long offset, String why) {
              counts.addUnreadable();
            }
          });
    }
    return new Found(counts, listed);
  }

  private static Map<String, Object> line(StoredLetter stored, boolean sentAgain) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("position", stored.position());
    line.put("reason", stored.letter().getReason().name());
    line.put("stage", stored.letter().getStage());
    line.put("analysis", stored.letter().getAnalysis());
    line.put("documentId", stored.letter().getDocumentId());
    line.put("source", stored.source());
    line.put("attempts", stored.attempts());
    line.put("failedAt", stored.letter().getFailedAt().toString());
    line.put("sentAgain", sentAgain);
    line.put("originalOmitted", stored.letter().getOriginalOmitted());
    line.put("message", stored.letter().getMessage());
    return line;
  }

  private void stopIfAsked() {
    if (kaiseki.stop().isRequested()) {
      throw new IllegalStateException("stopped before the end of the topic");
    }
  }

  private void write(LetterTopic topic, Found found) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> asJson = new LinkedHashMap<>();
    asJson.put("topic", topic.name());
    asJson.putAll(found.counts().report());
    asJson.put("letters", found.listed());
    if (json) {
      out.print(WholeFile.json(asJson));
    } else {
      new LetterScreen(out).counts(topic.name(), found.counts());
      new LetterScreen(out).lines(found.listed());
    }
    if (report != null) {
      WholeFile.writeJson(report, asJson);
      spec.commandLine().getErr().println("Report in " + report);
    }
    out.flush();
  }
}
