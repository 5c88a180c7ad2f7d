package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.Arrivals;
import io.kaiseki.pipelines.bench.arm.ArmChoice;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.arm.OpenAiServer;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.schemas.registry.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

  @Mixin BenchSubject subject = new BenchSubject();

  @Option(
      names = "--arms",
      paramLabel = "ARM[:N]",
      split = ",",
      defaultValue = "engine",
      description =
          "What to compare: engine, engine-array (answers as arrays of values),"
              + " engine-no-confidence (labels by their likeliest tokens, none weighed), sequential,"
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
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Passes of each arm at each number of slots; default ${DEFAULT-VALUE}.")
  int rounds;

  @Option(
      names = "--cold",
      description =
          "Of the arms engine, engine-array, engine-no-confidence, llama-model and openai: none"
              + " reads the instructions before the clock starts. A server keeps them between"
              + " passes: start it anew, with --rounds 1.")
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
   * Everything that is wrong, at once.
   *
   * @throws ConfigurationException if anything is
   */
  void check() {
    OptionProblems problems = new OptionProblems();
    if (subject.overhead()) {
      checkNoModel(problems);
    } else if ((model == null) == (shape == null)) {
      problems.add("--model", "", "give either --model or --shape");
    }
    problems.checkFile("--model", model, "no such file; name a GGUF file");
    if (!LlamaCppSettings.isLibraryName(library)) {
      problems.checkFile(
          "--library", Path.of(library), "no such build or file; see kaiseki native list");
    }
    problems.checkOneOf("--shape", shape, ModelShape.names());
    subject.check(arms().stream().anyMatch(arm -> arm.kind() == ArmKind.LLAMA_MODEL), problems);
    problems.checkOneOf(
        "--arrivals", arrivals, Arrays.stream(Arrivals.values()).map(Arrivals::word).toList());
    checkArms(problems);
    problems.checkAtLeast("--rounds", rounds, 1);
    problems.checkAtLeast("--threads", threads, 0);
    slots().forEach(count -> problems.checkAtLeast("--slots", count, 1));
    if (!(liveShare > 0 && liveShare < 1)) {
      problems.add("--live-share", String.valueOf(liveShare), "expected more than 0, less than 1");
    }
    problems.checkWritable("--report", report);
    problems.checkWritable("--plot", plot);
    if ((subject.mixed() || subject.overhead()) && plot != null) {
      problems.add(
          "--plot",
          plot.toString(),
          "the workload " + subject.workload + " has no plot; use --report");
    }
    problems.refuseAny();
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
    return slots == null ? Workload.defaultSlots(subject.workload) : slots;
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

  private void checkArms(OptionProblems problems) {
    for (String arm : arms) {
      if (!arm.equals(ALL)) {
        problems.checkOneOf("--arms", word(arm), ArmKind.words());
        if (slotsOf(arm).filter(count -> count < 1).isPresent()) {
          problems.add("--arms", arm, "expected a number of slots from 1 on behind the colon");
        }
      }
    }
    boolean needed = arms.stream().anyMatch(arm -> word(arm).equals(ArmKind.OPENAI.word()));
    if (needed && openAi == null) {
      problems.add("--openai", "", "missing; the arm openai needs the address of its server");
    }
    if (openAi != null
        && !("http".equals(openAi.getScheme()) || "https".equals(openAi.getScheme()))) {
      problems.add("--openai", openAi.toString(), "expected an http or https address");
    }
    if (openAi != null && openAiModel == null) {
      problems.add("--openai-model", "", "missing; name the model on the server of --openai");
    }
  }

  private void checkNoModel(OptionProblems problems) {
    String remedy = "the workload overhead has no model; leave it out";
    if (model != null) {
      problems.add("--model", model.toString(), remedy);
    }
    if (shape != null) {
      problems.add("--shape", shape, remedy);
    }
  }
}
