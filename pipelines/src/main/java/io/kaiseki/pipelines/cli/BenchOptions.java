package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.backfill.archive.Archive;
import io.kaiseki.pipelines.bench.Arrivals;
import io.kaiseki.pipelines.bench.arm.ArmChoice;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.arm.OpenAiServer;
import io.kaiseki.pipelines.bench.workload.OwnDocuments;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.schemas.registry.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code kaiseki bench}, and what of them fits together. */
final class BenchOptions {

  private static final String ALL = "all";
  private static final String KEY_VARIABLE = "OPENAI_API_KEY";

  @Option(names = "--model", paramLabel = "FILE", description = "GGUF file to measure.")
  @Nullable Path model;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = "Measure a made-up model of this shape; see kaiseki model make.")
  @Nullable String shape;

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
      names = "--arms",
      paramLabel = "ARM[:N]",
      split = ",",
      defaultValue = "engine",
      description =
          "What to compare: engine, engine-array (answers as arrays of values), sequential,"
              + " pipeline, llama-model, openai, or all; default"
              + " ${DEFAULT-VALUE}. With :N, at that number of slots only. The ceiling is always"
              + " measured.")
  List<String> arms;

  @Option(
      names = "--slots",
      paramLabel = "N",
      split = ",",
      description =
          "Numbers of slots to compare; default 1,4,8, for long-prefix 16 and for mixed 8.")
  @Nullable List<Integer> slots;

  @Option(
      names = "--documents",
      paramLabel = "N",
      description = "Documents of a pass; default 16, for overhead 50000.")
  @Nullable Integer documents;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Passes of each arm at each number of slots; default ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--cold",
      description =
          "Of the arms engine, engine-array, llama-model and openai: none reads the instructions"
              + " before the clock starts. A server keeps them between passes: start it anew, with"
              + " --rounds 1.")
  boolean cold;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Compute threads; default all cores, but one less where there are more than two.")
  int threads;

  @Option(
      names = "--library",
      paramLabel = "BUILD",
      defaultValue = LlamaCppSettings.AUTO_LIBRARY,
      description =
          "Build of llama.cpp for the engine, as model.library: auto, shipped, the name of an"
              + " installed one, or a file; default ${DEFAULT-VALUE}. llama-model always has the one"
              + " that ships.")
  String library;

  @Option(
      names = "--live-share",
      paramLabel = "PART",
      defaultValue = "0.3",
      description =
          "Of the workload mixed: live documents arrive at this part of the rate that the machine"
              + " manages; default ${DEFAULT-VALUE}.")
  double liveShare;

  @Option(
      names = "--arrivals",
      paramLabel = "HOW",
      defaultValue = "poisson",
      description =
          "Of the workload mixed: live documents arrive at random (poisson) or evenly (fixed);"
              + " default ${DEFAULT-VALUE}.")
  String arrivals;

  @Option(
      names = "--openai",
      paramLabel = "URL",
      description =
          "Server of the arm openai, that speaks OpenAI's chat completions; its key in "
              + KEY_VARIABLE
              + ".")
  @Nullable URI openAi;

  @Option(
      names = "--openai-model",
      paramLabel = "NAME",
      description = "Name of the model on that server.")
  @Nullable String openAiModel;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
  @Nullable Path report;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw the figures as SVG.")
  @Nullable Path plot;

  @SuppressWarnings("NullAway.Init")
  BenchOptions() {}

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
    return Workload.own(Analyses.load(analysis, AnalysisOverrides.none()).toAnalysis(), texts);
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

  int documents() {
    return documents == null ? Workload.defaultDocuments(workload) : documents;
  }

  /**
   * Everything that is wrong, at once.
   *
   * @throws ConfigurationException if anything is
   */
  void check() {
    List<ConfigurationProblem> problems = new ArrayList<>();
    if (overhead()) {
      checkNoModel(problems);
    } else if ((model == null) == (shape == null)) {
      add(problems, "--model", "", "give either --model or --shape");
    }
    checkFile(problems, "--model", model, "no such file; name a GGUF file");
    if (!LlamaCppSettings.isLibraryName(library)) {
      checkFile(
          problems,
          "--library",
          Path.of(library),
          "no such build or file; see kaiseki native list");
    }
    checkOneOf(problems, "--shape", shape, ModelShape.names());
    checkOneOf(problems, "--workload", workload, Workload.names());
    checkOneOf(
        problems,
        "--arrivals",
        arrivals,
        Arrays.stream(Arrivals.values()).map(Arrivals::word).toList());
    checkAnalysis(problems);
    checkArms(problems);
    checkAtLeast(problems, "--documents", documents(), 1);
    checkAtLeast(problems, "--rounds", rounds, 1);
    checkAtLeast(problems, "--threads", threads, 0);
    slots().forEach(count -> checkAtLeast(problems, "--slots", count, 1));
    if (!(liveShare > 0 && liveShare < 1)) {
      add(problems, "--live-share", String.valueOf(liveShare), "expected more than 0, less than 1");
    }
    checkWritable(problems, "--report", report);
    checkWritable(problems, "--plot", plot);
    if ((mixed() || overhead()) && plot != null) {
      add(
          problems,
          "--plot",
          plot.toString(),
          "the workload " + workload + " has no plot; use --report");
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  /** The arms asked for, in the order of reports. Of all, openai only if its server is named. */
  List<ArmChoice> arms() {
    if (arms.contains(ALL)) {
      return ArmChoice.all(
          Arrays.stream(ArmKind.values())
              .filter(kind -> kind != ArmKind.OPENAI || openAi != null)
              .toList(),
          slots());
    }
    Map<ArmKind, Set<Integer>> chosen = new EnumMap<>(ArmKind.class);
    for (String arm : arms) {
      ArmKind.named(word(arm))
          .ifPresent(
              kind ->
                  chosen
                      .computeIfAbsent(kind, key -> new TreeSet<>())
                      .addAll(slotsOf(arm).map(List::of).orElseGet(this::slots)));
    }
    return chosen.entrySet().stream()
        .map(entry -> new ArmChoice(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }

  private static String word(String arm) {
    int colon = arm.indexOf(':');
    return colon < 0 ? arm : arm.substring(0, colon);
  }

  /** The number behind the colon; 0 where it is none. */
  private static Optional<Integer> slotsOf(String arm) {
    int colon = arm.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String number = arm.substring(colon + 1);
    return Optional.of(number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : 0);
  }

  List<Integer> slots() {
    return slots == null ? Workload.defaultSlots(workload) : slots;
  }

  Optional<OpenAiServer> server() {
    return Optional.ofNullable(openAi)
        .map(
            url ->
                new OpenAiServer(
                    url,
                    String.valueOf(openAiModel),
                    Optional.ofNullable(System.getenv(KEY_VARIABLE))
                        .filter(key -> !key.isBlank())
                        .map(Secret::of)));
  }

  private void checkArms(List<ConfigurationProblem> problems) {
    for (String arm : arms) {
      if (!arm.equals(ALL)) {
        checkOneOf(problems, "--arms", word(arm), ArmKind.words());
        if (slotsOf(arm).filter(count -> count < 1).isPresent()) {
          add(problems, "--arms", arm, "expected a number of slots from 1 on behind the colon");
        }
      }
    }
    boolean needed = arms.stream().anyMatch(arm -> word(arm).equals(ArmKind.OPENAI.word()));
    if (needed && openAi == null) {
      add(problems, "--openai", "", "missing; the arm openai needs the address of its server");
    }
    if (openAi != null
        && !("http".equals(openAi.getScheme()) || "https".equals(openAi.getScheme()))) {
      add(problems, "--openai", openAi.toString(), "expected an http or https address");
    }
    if (openAi != null && openAiModel == null) {
      add(problems, "--openai-model", "", "missing; name the model on the server of --openai");
    }
  }

  private void checkAnalysis(List<ConfigurationProblem> problems) {
    if (analysis == null) {
      if (!from.isEmpty()) {
        add(problems, "--from", from.toString(), "is for --analysis; a workload has its own");
      }
      return;
    }
    if (overhead()) {
      add(problems, "--analysis", analysis, "the workload overhead has its own; leave it out");
    }
    try {
      Analyses.load(analysis, AnalysisOverrides.none());
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
    }
    archive().check(problems);
  }

  private void checkNoModel(List<ConfigurationProblem> problems) {
    String remedy = "the workload overhead has no model; leave it out";
    if (model != null) {
      add(problems, "--model", model.toString(), remedy);
    }
    if (shape != null) {
      add(problems, "--shape", shape, remedy);
    }
  }

  private static void checkFile(
      List<ConfigurationProblem> problems, String option, @Nullable Path file, String remedy) {
    if (file != null && !Files.isRegularFile(file)) {
      add(problems, option, file.toString(), remedy);
    }
  }

  private static void checkWritable(
      List<ConfigurationProblem> problems, String option, @Nullable Path file) {
    Path parent = file == null ? null : file.toAbsolutePath().getParent();
    if (parent != null && !Files.isWritable(parent)) {
      add(problems, option, String.valueOf(file), "its directory can't be written");
    }
  }

  private static void checkOneOf(
      List<ConfigurationProblem> problems,
      String option,
      @Nullable String value,
      Iterable<String> words) {
    for (String word : words) {
      if (value == null || value.equals(word)) {
        return;
      }
    }
    add(problems, option, String.valueOf(value), "choose one of " + String.join(", ", words));
  }

  private static void checkAtLeast(
      List<ConfigurationProblem> problems, String option, int value, int least) {
    if (value < least) {
      add(problems, option, String.valueOf(value), "expected a whole number from " + least + " on");
    }
  }

  private static void add(
      List<ConfigurationProblem> problems, String option, String value, String remedy) {
    problems.add(new ConfigurationProblem(option, value, remedy));
  }
}
