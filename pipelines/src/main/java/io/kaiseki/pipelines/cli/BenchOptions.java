package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.Arrivals;
import io.kaiseki.pipelines.bench.arm.ArmChoice;
import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.workload.Workload;
import io.kaiseki.pipelines.config.ConfigurationException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of {@code kaiseki bench}, and what of them fits together. Those that only some
 * workloads heed are null where nobody gave them, so that others can refuse them.
 */
final class BenchOptions {

  private static final String ALL = "all";
  private static final String DEFAULT_ARM = "engine";
  private static final double DEFAULT_LIVE_SHARE = 0.3;
  private static final String DEFAULT_ARRIVALS = "poisson";

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
      description =
          "What to compare: engine, engine-array (answers as arrays of values),"
              + " engine-no-confidence (labels by their likeliest tokens, none weighed), sequential,"
              + " pipeline, llama-model, openai, or all; default "
              + DEFAULT_ARM
              + ". With :N, at that number of slots only. The ceiling is always measured.")
  @Nullable List<String> arms;

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
      description =
          "Compute threads; default all cores, but one less where there are more than two.")
  @Nullable Integer threads;

  @Option(
      names = "--library",
      paramLabel = "BUILD",
      description =
          "Build of llama.cpp for the engine, as model.library: auto, shipped, the name of an"
              + " installed one, or a file; default "
              + LlamaCppSettings.AUTO_LIBRARY
              + ". llama-model always has the one that ships.")
  @Nullable String library;

  @Option(
      names = "--live-share",
      paramLabel = "PART",
      description =
          "Of the workload mixed: live documents arrive at this part of the rate that the machine"
              + " manages; default "
              + DEFAULT_LIVE_SHARE
              + ".")
  @Nullable Double liveShare;

  @Option(
      names = "--arrivals",
      paramLabel = "HOW",
      description =
          "Of the workload mixed: live documents arrive at random (poisson) or evenly (fixed);"
              + " default "
              + DEFAULT_ARRIVALS
              + ".")
  @Nullable String arrivals;

  @Mixin BenchServer server = new BenchServer();

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
    if (!LlamaCppSettings.isLibraryName(library())) {
      problems.checkFile(
          "--library", Path.of(library()), "no such build or file; see kaiseki native list");
    }
    problems.checkOneOf("--shape", shape, ModelShape.names());
    subject.check(compared().stream().anyMatch(arm -> arm.kind() == ArmKind.LLAMA_MODEL), problems);
    problems.checkOneOf(
        "--arrivals", arrivals(), Arrays.stream(Arrivals.values()).map(Arrivals::word).toList());
    if (subject.comparesArms()) {
      checkArms(problems);
    }
    problems.checkAtLeast("--rounds", rounds, 1);
    problems.checkAtLeast("--threads", threads(), 0);
    slots().forEach(count -> problems.checkAtLeast("--slots", count, 1));
    if (!(liveShare() > 0 && liveShare() < 1)) {
      problems.add(
          "--live-share", String.valueOf(liveShare()), "expected more than 0, less than 1");
    }
    checkEffect(problems);
    problems.checkWritable("--report", report);
    problems.checkWritable("--plot", plot);
    problems.refuseAny();
  }

  /** The arms asked for, in the order of reports. Of all, openai only if its server is named. */
  List<ArmChoice> arms() {
    if (armWords().contains(ALL)) {
      return ArmChoice.all(
          Arrays.stream(ArmKind.values())
              .filter(kind -> kind != ArmKind.OPENAI || server.url != null)
              .toList(),
          slots());
    }
    Map<ArmKind, Set<Integer>> chosen = new EnumMap<>(ArmKind.class);
    for (String arm : armWords()) {
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

  /** The arms that are compared; none where the workload compares none. */
  private List<ArmChoice> compared() {
    return subject.comparesArms() ? arms() : List.of();
  }

  private List<String> armWords() {
    return arms == null ? List.of(DEFAULT_ARM) : arms;
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

  /** Compute threads; 0 leaves their number to the engine. */
  int threads() {
    return threads == null ? 0 : threads;
  }

  String library() {
    return library == null ? LlamaCppSettings.AUTO_LIBRARY : library;
  }

  double liveShare() {
    return liveShare == null ? DEFAULT_LIVE_SHARE : liveShare;
  }

  String arrivals() {
    return arrivals == null ? DEFAULT_ARRIVALS : arrivals;
  }

  private void checkArms(OptionProblems problems) {
    for (String arm : armWords()) {
      if (!arm.equals(ALL)) {
        problems.checkOneOf("--arms", word(arm), ArmKind.words());
        if (slotsOf(arm).filter(count -> count < 1).isPresent()) {
          problems.add("--arms", arm, "expected a number of slots from 1 on behind the colon");
        }
      }
    }
    boolean named = armWords().stream().anyMatch(arm -> word(arm).equals(ArmKind.OPENAI.word()));
    server.check(named, named || armWords().contains(ALL), problems);
  }

  /** Notes options that change nothing about what this workload measures. */
  private void checkEffect(OptionProblems problems) {
    if (!Workload.names().contains(subject.workload)) {
      return;
    }
    String remedy = "has no effect with the workload " + subject.workload + "; leave it out";
    if (subject.comparesArms()) {
      checkEffectOnArms(problems);
    } else {
      problems.checkAbsent("--arms", arms, remedy);
      problems.checkAbsent("--cold", cold ? "" : null, remedy);
      problems.checkAbsent("--openai", server.url, remedy);
      problems.checkAbsent("--openai-model", server.model, remedy);
      problems.checkAbsent(
          "--plot", plot, "the workload " + subject.workload + " has no plot; use --report");
    }
    if (subject.overhead()) {
      problems.checkAbsent("--slots", slots, remedy);
      problems.checkAbsent("--threads", threads, remedy);
      problems.checkAbsent("--library", library, remedy);
    }
    if (!subject.mixed()) {
      problems.checkAbsent("--live-share", liveShare, remedy);
      problems.checkAbsent("--arrivals", arrivals, remedy);
    }
  }

  /** Notes options that change nothing about these arms. A word that names none may mean any. */
  private void checkEffectOnArms(OptionProblems problems) {
    if (cold && armWords().stream().allMatch(arm -> isKind(arm, kind -> !kind.heedsCold()))) {
      problems.add("--cold", "", "has no effect on the arms asked for; leave it out");
    }
    if (armWords().stream()
        .allMatch(arm -> isKind(arm, kind -> slotsOf(arm).isPresent() || !kind.severalSlots()))) {
      problems.checkAbsent(
          "--slots", slots, "has no effect, each arm has its own number; leave it out");
    }
  }

  private static boolean isKind(String arm, Predicate<ArmKind> kind) {
    return ArmKind.named(word(arm)).filter(kind).isPresent();
  }

  private void checkNoModel(OptionProblems problems) {
    String remedy = "the workload overhead has no model; leave it out";
    problems.checkAbsent("--model", model, remedy);
    problems.checkAbsent("--shape", shape, remedy);
  }
}
