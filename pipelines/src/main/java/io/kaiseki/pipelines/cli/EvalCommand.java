package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.Calibration;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.eval.EvalPlan;
import io.kaiseki.pipelines.eval.Evaluator;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.pipelines.eval.metrics.ClosedScore;
import io.kaiseki.pipelines.eval.report.EvalHtml;
import io.kaiseki.pipelines.eval.report.EvalJson;
import io.kaiseki.pipelines.eval.report.EvalReport;
import io.kaiseki.pipelines.eval.report.EvalTable;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.FormerRun;
import io.kaiseki.pipelines.eval.score.Frontier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures an analysis on documents that people have labelled. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description =
        "Runs an analysis over documents that people have labelled, with the operator that"
            + " production runs, and tells how often each field is right, how far its confidence"
            + " can be trusted, and what a document takes. With --frontier, it tells how much"
            + " thinking pays. Needs no Kafka, unless the labels are what people said at the desk."
            + " No document text is in its reports.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  kaiseki eval ticket-triage --model model.gguf --labels tickets.csv --html report.html",
      "  kaiseki eval ./my-analysis --labels mails.jsonl --text body --label topic=category"
          + " --limit 500 --report now.json --against before.json",
      "  kaiseki eval ./my-analysis --labels mails.csv --frontier --target 0.9 --write",
      "  kaiseki eval ticket-triage --model model.gguf --from-feedback --config kaiseki.yaml"
    })
final class EvalCommand implements Callable<Integer> {

  @ParentCommand private Kaiseki kaiseki;

  @Mixin private AnalysisChoice choice = new AnalysisChoice();

  @Mixin private LabelOptions labelOptions = new LabelOptions();

  @Mixin private FeedbackOptions feedbackOptions = new FeedbackOptions();

  @Mixin private FrontierOptions frontierOptions = new FrontierOptions();

  @Option(
      names = "--cost-per-hour",
      paramLabel = "PRICE",
      description = "Price of this machine for an hour, in any currency.")
  private @Nullable Double costPerHour;

  @Option(
      names = FormerRun.OPTION,
      paramLabel = "REPORT",
      description = "Compare with an earlier --report over the same documents.")
  private @Nullable Path against;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
  private @Nullable Path report;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with plots that needs nothing else.")
  private @Nullable Path html;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  EvalCommand() {}

  @Override
  public Integer call() throws IOException {
    EvalPlan plan = plan();
    PrintWriter out = spec.commandLine().getOut();
    try (EvalScreen screen = new EvalScreen(out, spec.commandLine().getErr())) {
      EvalReport measured = new Evaluator(plan, screen, kaiseki.stop()::isRequested).run();
      out.print(EvalTable.of(measured));
      write(measured);
      return ended(measured);
    } catch (CancellationException e) {
      out.println("Stopped before all documents had an outcome; nothing is written.");
      out.flush();
      return ExitCode.SOFTWARE;
    }
  }

  /** Everything that is wrong is found here, before the model is loaded. */
  private EvalPlan plan() {
    OptionProblems options = new OptionProblems();
    check(options);
    List<ConfigurationProblem> problems = options.all();
    frontierOptions.check(problems);
    Optional<AnalysisDefinition> definition = choice.definitionToRun(problems);
    definition.ifPresent(
        found -> {
          ModelCheck.check(found, problems);
          frontierOptions.check(found, problems);
        });
    Optional<FormerRun> former =
        Optional.ofNullable(against).flatMap(path -> FormerRun.read(path, problems));
    Optional<Labels> labels = labels(definition, problems);
    labels.ifPresent(
        found -> {
          frontierOptions.check(found, problems);
          former.ifPresent(run -> checkCommon(run, found, problems));
        });
    options.refuseAny();
    return new EvalPlan(
        definition.orElseThrow(),
        labels.orElseThrow(),
        costPerHour == null ? OptionalDouble.empty() : OptionalDouble.of(costPerHour),
        former,
        frontierOptions.frontier
            ? Optional.of(
                frontierOptions.plan(
                    definition.orElseThrow(),
                    Analyses.reasoningBudget(choice.analysis),
                    labels.orElseThrow()))
            : Optional.empty());
  }

  private Optional<Labels> labels(
      Optional<AnalysisDefinition> definition, Collection<ConfigurationProblem> problems) {
    if (!feedbackOptions.fromFeedback) {
      return definition
          .map(AnalysisDefinition::contract)
          .or(choice::contract)
          .flatMap(contract -> labelOptions.read(contract, problems));
    }
    if (labelOptions.file != null) {
      problems.add(
          new ConfigurationProblem(
              "--from-feedback", "", "given besides --labels; keep one of the two"));
      return Optional.empty();
    }
    // Topics are read only when everything else is as it should be.
    if (definition.isEmpty() || !problems.isEmpty()) {
      return Optional.empty();
    }
    AnalysisDefinition found = definition.get();
    return feedbackOptions.read(
        found,
        choice.sources(problems),
        spec.commandLine().getOut(),
        problems,
        file -> labelOptions.readFeedback(file, found.contract(), problems));
  }

  private void check(OptionProblems problems) {
    if (feedbackOptions.export != null && !feedbackOptions.fromFeedback) {
      problems.add("--export-labels", feedbackOptions.export.toString(), "needs --from-feedback");
    }
    problems.checkWritable("--export-labels", feedbackOptions.export);
    // Besides --labels, --from-feedback itself is what is wrong.
    labelOptions.check(feedbackOptions.fromFeedback && labelOptions.file == null, problems);
    if (costPerHour != null && !(costPerHour > 0 && costPerHour < 1e9)) {
      problems.add("--cost-per-hour", String.valueOf(costPerHour), "expected a number over 0");
    }
    problems.checkWritable("--report", report);
    problems.checkWritable("--html", html);
    if (frontierOptions.write) {
      folder(problems)
          .ifPresent(folder -> problems.checkWritable("--write", folder.resolve(Calibration.FILE)));
    }
  }

  /** Where the calibration goes; an analysis that can't be found is a problem of its own. */
  private Optional<Path> folder(OptionProblems problems) {
    try {
      Optional<Path> folder = Analyses.directory(choice.analysis);
      if (folder.isEmpty()) {
        problems.add(
            "--write",
            choice.analysis,
            "is built in, so there is no folder to write to; copy it into one of your own");
      }
      return folder;
    } catch (ConfigurationException e) {
      return Optional.empty();
    }
  }

  private static void checkCommon(
      FormerRun former, Labels labels, Collection<ConfigurationProblem> problems) {
    if (labels.documents().stream()
        .allMatch(document -> former.document(document.id(), document.hash()).isEmpty())) {
      problems.add(
          new ConfigurationProblem(
              FormerRun.OPTION,
              former.name(),
              "has no document in common with these labels, of the same id and text; give the same"
                  + " file, --text, --title, --id, --limit and --seed"));
    } else if (labels.documents().stream().noneMatch(former::hasAnswerTo)) {
      problems.add(
          new ConfigurationProblem(
              FormerRun.OPTION,
              former.name(),
              "has no answer that can be judged by these labels: it has none of their fields, or"
                  + " only texts, quotes and lists whose labels were others or are not in it; write"
                  + " it anew, with --report and these labels"));
    }
  }

  private void write(EvalReport measured) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println();
    if (report != null) {
      WholeFile.writeJson(report, EvalJson.of(measured));
      out.println("Report in " + report);
    }
    if (html != null) {
      WholeFile.write(html, EvalHtml.of(measured));
      out.println("Page in " + html);
    }
    Optional<Frontier.Point> proposal = measured.frontier().flatMap(Frontier::proposal);
    if (frontierOptions.write && proposal.isPresent() && measured.evaluation().answered() > 0) {
      Path file = Analyses.directory(choice.analysis).orElseThrow().resolve(Calibration.FILE);
      WholeFile.write(file, calibration(measured.frontier().get(), proposal.get()).toYaml());
      out.println("Reasoning of the analysis in " + file);
    }
    out.flush();
  }

  private int ended(EvalReport measured) {
    if (measured.evaluation().answered() == 0) {
      spec.commandLine()
          .getErr()
          .println("kaiseki: no document was answered; see the reasons above");
      spec.commandLine().getErr().flush();
      return ExitCode.SOFTWARE;
    }
    boolean proposed = measured.frontier().map(f -> f.proposal().isPresent()).orElse(true);
    return frontierOptions.write && !proposed ? ExitCode.SOFTWARE : ExitCode.OK;
  }

  private static Calibration calibration(Frontier frontier, Frontier.Point proposal) {
    Evaluation run = proposal.evaluation();
    return new Calibration(
        proposal.policy(),
        new Calibration.Measured(
            run.labels().file(),
            run.predictions().size(),
            proposal.accuracy(),
            frontier.target(),
            proposal.tokensPerDocument(),
            LocalDate.now(ZoneOffset.UTC),
            run.pass().engine().model(),
            run.pass().engine().modelSha256(),
            run.pass().secondModel(),
            run.pass().analysis().version(),
            trust(run)));
  }

  private static Map<String, Calibration.Trust> trust(Evaluation run) {
    Map<String, Calibration.Trust> fields = new LinkedHashMap<>();
    run.inScope()
        .forEach(
            (field, score) ->
                fields.put(
                    field,
                    new Calibration.Trust(
                        score.accuracy().value(),
                        figure(score, of -> OptionalDouble.of(of.reliability().ece())),
                        figure(
                            score,
                            of ->
                                of.scaling()
                                    .map(fitted -> OptionalDouble.of(fitted.temperature()))
                                    .orElseGet(OptionalDouble::empty)),
                        figure(score, ClosedScore.Trust::eceScaled),
                        figure(score, ClosedScore.Trust::eceCalibrated))));
    return fields;
  }

  private static OptionalDouble figure(
      ClosedScore score, Function<ClosedScore.Trust, OptionalDouble> of) {
    return score.trust().map(of).orElseGet(OptionalDouble::empty);
  }
}
