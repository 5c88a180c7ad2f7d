package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.backfill.archive.Archive;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.workload.OwnDocuments;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a bench measures: a workload, or an analysis of one's own. */
final class BenchSubject {

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      defaultValue = "triage",
      description =
          "triage, long-prefix, reasoning, mixed, or overhead, which needs no model; default"
              + " ${DEFAULT-VALUE}.")
  String workload;

  @Option(
      names = "--analysis",
      paramLabel = "NAME",
      description =
          "Measure this analysis, built in or a folder, and no workload: its instructions, schema,"
              + " reasoning and answer layout; slots and batches are those of the bench.")
  @Nullable String analysis;

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      description =
          "Documents for --analysis, files or folders as kaiseki backfill reads them; without it,"
              + " the sample tickets that ship.")
  List<Path> from = new ArrayList<>();

  @Option(
      names = "--documents",
      paramLabel = "N",
      description =
          "Documents of a pass; default 16, for overhead 50000. Where --from has fewer, they come"
              + " round again, with a number in front.")
  @Nullable Integer documents;

  @SuppressWarnings("NullAway.Init")
  BenchSubject() {}

  /**
   * What is measured, documents of one's own read.
   *
   * @throws ConfigurationException if an analysis of one's own can't be run, or has no documents
   */
  Workload workload() throws IOException {
    if (analysis == null) {
      return Workload.named(workload, documents()).orElseThrow();
    }
    int most = documents() + 1;
    List<String> texts =
        from.isEmpty()
            ? OwnDocuments.samples().stream().limit(most).toList()
            : OwnDocuments.read(archive(), most);
    if (texts.isEmpty()) {
      throw new ConfigurationException(
          List.of(
              new ConfigurationProblem(
                  "--from", from.toString(), "no document with text in it; name other files")));
    }
    return Workload.own(definition(analysis).toAnalysis(), texts);
  }

  /**
   * The workload with as many documents as were asked for.
   *
   * @param told learns that documents come round again, where there are fewer
   */
  Workload full(Workload workload, Consumer<String> told) {
    int measured = workload.documents().size();
    if (documents == null || measured >= documents) {
      return workload;
    }
    told.accept(
        "There are "
            + measured
            + " documents beside the one that warms up. They come round again, with a number in"
            + " front, until a pass has "
            + documents
            + ".");
    return workload.atLeast(documents);
  }

  /** Without its own model: the bench has another. */
  private static AnalysisDefinition definition(String analysis) {
    return Analyses.loadWithoutModel(analysis, AnalysisOverrides.none());
  }

  private Archive archive() {
    return new Archive(from, null);
  }

  /** Whether live documents over a backfill are measured, and no arms are compared. */
  boolean mixed() {
    return workload.equals(Workload.MIXED);
  }

  /** Whether the pipeline is measured without a model, and no arms are compared. */
  boolean overhead() {
    return workload.equals(Workload.OVERHEAD);
  }

  /** Whether arms are compared, as every other workload has it. */
  boolean comparesArms() {
    return !mixed() && !overhead();
  }

  int documents() {
    return documents == null ? Workload.defaultDocuments(workload) : documents;
  }

  /**
   * Notes what is wrong with them.
   *
   * @param llamaModel whether the arm {@code llama-model} is among what is compared
   */
  void check(boolean llamaModel, OptionProblems problems) {
    problems.checkOneOf("--workload", workload, Workload.names());
    problems.checkAtLeast("--documents", documents(), 1);
    if (analysis == null) {
      if (!from.isEmpty()) {
        problems.add("--from", from.toString(), "is for --analysis; a workload has its own");
      }
      return;
    }
    if (overhead()) {
      problems.add("--analysis", analysis, "the workload overhead has its own; leave it out");
    }
    try {
      ReasoningPolicy reasoning = definition(analysis).reasoning();
      if (llamaModel && reasoning instanceof ReasoningPolicy.WhenUnsure) {
        problems.add(
            "--arms",
            ArmKind.LLAMA_MODEL.word(),
            "it would reason about every document, where the analysis ("
                + reasoning.describe()
                + ") does so only where it is unsure, so the two don't compare; leave the arm out,"
                + " or measure with reasoning.policy off or always");
      }
    } catch (ConfigurationException e) {
      problems.all().addAll(e.problems());
    }
    archive().check(problems.all());
  }
}
