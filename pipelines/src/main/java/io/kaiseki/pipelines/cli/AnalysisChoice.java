package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisKey;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.JobSettingsReader;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.config.SettingSources;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say which analysis, and how its model is run. */
class AnalysisChoice {

  @Parameters(
      paramLabel = "ANALYSIS",
      description = "Name of a built-in analysis, or the path of a folder.")
  String analysis = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings as YAML, or as Java properties if it ends in .properties.")
  @Nullable Path config;

  @Option(names = "--model", paramLabel = "FILE", description = "GGUF file (setting model.file).")
  @Nullable String model;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "Any other setting, such as -s model.slots=4. May be repeated.")
  Map<String, String> settings = new LinkedHashMap<>();

  /** Variables by name; tests have their own. */
  Map<String, String> environment = System.getenv();

  /** The analysis, for a command that runs it without Kafka; empty where it has problems. */
  final Optional<AnalysisDefinition> definitionToRun(Collection<ConfigurationProblem> problems) {
    Map<String, Setting> given = sources(problems);
    new JobSettingsReader(given, problems).refuseUnknown(analysisKeys());
    return definition(given, Analyses::loadToRun, problems);
  }

  /**
   * What answers look like, for checks that need no more than that: it is there even where the
   * model or another setting is wrong. Empty where the analysis itself is.
   */
  final Optional<Contract> contract() {
    try {
      return Optional.of(Analyses.loadWithoutModel(analysis, AnalysisOverrides.none()).contract());
    } catch (ConfigurationException e) {
      return Optional.empty();
    }
  }

  /** What the options, the environment and the file say together. */
  final Map<String, Setting> sources(Collection<ConfigurationProblem> problems) {
    List<String> known =
        Stream.concat(JobKeys.all().stream().map(JobKeys.JobKey::name), analysisKeys().stream())
            .toList();
    SettingSources sources = new SettingSources(environment);
    if (config != null) {
      sources.file(config);
    }
    sources.environment(known);
    settings.forEach((key, value) -> sources.option(key, value, key));
    sources.option(AnalysisKeys.MODEL_FILE.name(), model, "--model");
    addOptions(sources);
    problems.addAll(sources.problems());
    return sources.settings();
  }

  /** Adds the options of a command that has more of them. */
  void addOptions(SettingSources sources) {}

  static List<String> analysisKeys() {
    return AnalysisKeys.all().stream().map(AnalysisKey::name).toList();
  }

  final Optional<AnalysisDefinition> definition(
      Map<String, Setting> given,
      BiFunction<String, AnalysisOverrides, AnalysisDefinition> load,
      Collection<ConfigurationProblem> problems) {
    AnalysisOverrides overrides = AnalysisOverrides.none();
    for (AnalysisKey<?> key : AnalysisKeys.all()) {
      Setting setting = given.get(key.name());
      if (setting != null) {
        overrides = overrides.with(key, setting);
      }
    }
    try {
      return Optional.of(load.apply(analysis, overrides));
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }
}
