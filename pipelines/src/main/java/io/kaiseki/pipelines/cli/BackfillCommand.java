package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.backfill.Backfill;
import io.kaiseki.pipelines.backfill.BackfillOptions;
import io.kaiseki.pipelines.backfill.BackfillResult;
import io.kaiseki.pipelines.backfill.BackfillSource;
import io.kaiseki.pipelines.backfill.RunDirectory;
import io.kaiseki.pipelines.backfill.RunPlan;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.ValueForm;
import io.kaiseki.pipelines.job.Readiness;
import io.kaiseki.pipelines.job.TopicSchemas;
import io.kaiseki.telemetry.Telemetry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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

/** Runs an analysis over what is there already, to its end. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description =
        "Runs an analysis over an archive or a stretch of a topic, each document once. Documents"
            + " that have a result of this analysis already, for the same text, are skipped. After"
            + " Ctrl-C or a crash, the same command goes on where it was.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki backfill ticket-triage --from ./archive --config kaiseki.yaml",
      "  kaiseki backfill ticket-triage --from tickets.csv --id number --text body --config"
          + " kaiseki.yaml --dry-run",
      "  kaiseki backfill ./my-analysis --from topic:letters --from-time 2026-01-01T00:00:00Z"
          + " --config kaiseki.yaml",
      "  kaiseki backfill ./my-analysis --from mails --from reports --again --config kaiseki.yaml"
          + " --report out.json"
    })
final class BackfillCommand implements Callable<Integer> {

  @ParentCommand private Kaiseki kaiseki;

  @Mixin private AnalysisOptions options = new AnalysisOptions();

  @Mixin private BackfillSourceOptions sources = new BackfillSourceOptions();

  @Option(
      names = "--run",
      paramLabel = "NAME",
      description =
          "Name of the run; without it, one that follows from analysis, source and options.")
  private @Nullable String run;

  @Option(names = "--again", description = "Analyse documents that have a result already as well.")
  private boolean again;

  @Option(
      names = "--dry-run",
      description = "Count the documents, say what would be done, and do nothing.")
  private boolean dryRun;

  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "Where the run keeps how far it has come (setting job.checkpoints).")
  private @Nullable String checkpoints;

  @Option(names = "--report", paramLabel = "FILE", description = "Write a report as JSON.")
  private @Nullable Path report;

  @Option(names = "--create-topics", description = "Create topics that do not exist.")
  private boolean createTopics;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description = "Partitions of topics that are created; default ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(names = "--auto-register", description = "Register schemas that are not registered.")
  private boolean autoRegister;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  BackfillCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    OptionProblems own = new OptionProblems();
    List<ConfigurationProblem> problems = own.all();
    Optional<BackfillSource> source = sources.read(problems);
    sources
        .topic()
        .ifPresent(name -> options.settings.put(AnalysisKeys.TOPIC_DOCUMENTS.name(), name));
    if (checkpoints != null) {
      options.settings.put(JobKeys.CHECKPOINTS.name(), checkpoints);
    }
    AnalysisOptions.Configured configured = options.read(problems, !dryRun);
    configured.definition().ifPresent(definition -> ModelCheck.check(definition, problems));
    checkOwn(own);
    ConfigurationException.throwIfAny(problems);
    AnalysisDefinition definition = configured.definition().orElseThrow();
    BackfillOptions wanted =
        new BackfillOptions(source.orElseThrow(), again, Optional.ofNullable(run));
    JobSettings job = configured.job().settings().orElseThrow();
    JobSettings settings = named(job, wanted.runName(definition));
    if (settings.name().equals(job.name())) {
      problems.add(
          new ConfigurationProblem(
              "--run",
              settings.name(),
              "is the name of the streaming job (job.name), whose checkpoints and transactions the"
                  + " run would take; choose another name"));
      ConfigurationException.throwIfAny(problems);
    }
    try (BackfillScreen screen =
        new BackfillScreen(
            spec.commandLine().getOut(), spec.commandLine().getErr(), kaiseki.stop())) {
      return dryRun
          ? tell(wanted, definition, settings, screen)
          : run(wanted, definition, settings, screen);
    }
  }

  private int run(
      BackfillOptions wanted,
      AnalysisDefinition definition,
      JobSettings settings,
      BackfillScreen screen)
      throws IOException, InterruptedException {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Readiness.Permissions permissions =
        new Readiness.Permissions(createTopics, partitions, autoRegister);
    Optional<TopicSchemas> schemas =
        TopicSchemas.establish(definition, settings, permissions, problems);
    OptionalInt largest =
        schemas.isPresent()
            ? new Readiness(definition, settings, permissions).largestDeadLetter(problems)
            : OptionalInt.empty();
    ConfigurationException.throwIfAny(problems);
    String checkpoints = settings.delivery().checkpoints();
    if (RunDirectory.isOfAnotherJob(checkpoints, settings.name())) {
      problems.add(
          new ConfigurationProblem(
              "--run",
              settings.name(),
              "has checkpoints in "
                  + checkpoints
                  + " that no backfill has made, and they would be lost; choose another name"));
      ConfigurationException.throwIfAny(problems);
    }
    Optional<RunDirectory> opened = RunDirectory.open(checkpoints, settings.name());
    if (opened.isEmpty()) {
      problems.add(
          new ConfigurationProblem(
              "--run", settings.name(), "is running in another process; wait for it or end it"));
      ConfigurationException.throwIfAny(problems);
    }
    EngineSource source = definition.toEngineSource();
    try (RunDirectory directory = opened.orElseThrow()) {
      Optional<RunPlan> plan =
          RunPlan.of(wanted, definition, settings.kafka(), directory, screen, problems);
      ConfigurationException.throwIfAny(problems);
      // Held for the whole run: a model that can't be started is told before the job.
      try (Telemetry telemetry = ProcessTelemetry.start("backfill", options.sources(problems));
          InferenceEngine engine = source.acquire()) {
        ProcessTelemetry.tell(telemetry, spec.commandLine().getOut());
        screen.loaded(engine.description());
        Backfill backfill =
            new Backfill(wanted, definition, settings, source, schemas.orElseThrow(), largest);
        return finish(backfill.run(directory, plan.orElseThrow(), screen), screen);
      }
    }
  }

  private int finish(BackfillResult result, BackfillScreen screen) throws IOException {
    screen.summary(result);
    if (report != null) {
      WholeFile.writeJson(report, result.report());
      PrintWriter out = spec.commandLine().getOut();
      out.println("Report in " + report);
      out.flush();
    }
    return result.isComplete() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** Says what would be done. */
  private int tell(
      BackfillOptions wanted,
      AnalysisDefinition definition,
      JobSettings settings,
      BackfillScreen screen)
      throws IOException {
    List<ConfigurationProblem> problems = new ArrayList<>();
    long documents;
    if (wanted.source() instanceof BackfillSource.Topic topic) {
      documents =
          RunPlan.ofTopic(topic, settings.kafka(), problems).map(RunPlan::documents).orElse(0L);
    } else {
      documents =
          RunPlan.count((BackfillSource.Files) wanted.source(), file -> {}, screen, problems);
    }
    ConfigurationException.throwIfAny(problems);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Run %s would analyse %,d documents%s with %s: results -> %s, dead letters -> %s%n",
        settings.name(),
        documents,
        again ? "" : ", less those with a result for the same text,",
        definition.name(),
        definition.topics().results(),
        definition.topics().deadLetters());
    out.println("Nothing is done: --dry-run.");
    out.flush();
    return ExitCode.OK;
  }

  private void checkOwn(OptionProblems problems) {
    if (run != null && ValueForm.name().read(run).isEmpty()) {
      problems.add("--run", run, "expected " + ValueForm.name().expected());
    }
    problems.checkAtLeast("--partitions", partitions, 1);
    problems.checkWritable("--report", report);
  }

  /**
   * A run has a name of its own: under that of the live job it would fence its transactions. It has
   * one subtask: the process has one engine, and Flink forgets the counts of a subtask that ends
   * before the others.
   */
  private static JobSettings named(JobSettings settings, String name) {
    return new JobSettings(
        name, settings.kafka(), settings.registry(), settings.delivery(), settings.restart(), 1);
  }
}
