package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.JobKeys;
import io.kaiseki.pipelines.config.JobSettingsReader;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.config.SettingSources;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which analysis, over which connections. */
final class AnalysisOptions extends AnalysisChoice {

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers (setting kafka.bootstrap.servers).")
  @Nullable String bootstrap;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description = "Schema registry (setting registry.url).")
  @Nullable String registry;

  @Option(
      names = "--delivery",
      paramLabel = "GUARANTEE",
      description = "exactly-once or at-least-once (setting job.delivery).")
  @Nullable String delivery;

  /** What the options, the environment and the file say together. */
  Configured read(Collection<ConfigurationProblem> problems, boolean modelRequired) {
    return read(problems, modelRequired ? Analyses::loadToRun : Analyses::load);
  }

  /** As {@link #read}, for commands that need no model and may run where there is none. */
  Configured readWithoutModel(Collection<ConfigurationProblem> problems) {
    return read(problems, Analyses::loadWithoutModel);
  }

  /** As {@link #read}, for a job that other machines run. */
  Configured readToRunElsewhere(Collection<ConfigurationProblem> problems) {
    if (!sources(new ArrayList<>()).containsKey(JobKeys.CHECKPOINTS.name())) {
      problems.add(
          new ConfigurationProblem(
              JobKeys.CHECKPOINTS.name(),
              "",
              "missing; on a cluster, name a directory or an object store that all its machines"
                  + " share"));
    }
    return read(problems, Analyses::loadToRunElsewhere);
  }

  private Configured read(
      Collection<ConfigurationProblem> problems,
      BiFunction<String, AnalysisOverrides, AnalysisDefinition> load) {
    Map<String, Setting> given = sources(problems);
    Optional<AnalysisDefinition> definition = definition(given, load, problems);
    String defaultName = "kaiseki-" + definition.map(AnalysisDefinition::name).orElse("analysis");
    JobSettingsReader.Result job =
        new JobSettingsReader(given, problems).read(defaultName, analysisKeys());
    return new Configured(definition, job);
  }

  /**
   * The analysis alone, for commands that need no model and may run where there is none.
   *
   * @throws ConfigurationException with everything that is wrong with it
   */
  AnalysisDefinition definition() {
    List<ConfigurationProblem> problems = new ArrayList<>();
    return definition(sources(problems), Analyses::loadWithoutModel, problems)
        .filter(found -> problems.isEmpty())
        .orElseThrow(() -> new ConfigurationException(problems));
  }

  /** The registry alone; empty, and a problem noted, where it is not set. */
  Optional<RegistrySettings> registry(Collection<ConfigurationProblem> problems) {
    return new JobSettingsReader(sources(problems), problems).registry();
  }

  /**
   * Settings as far as they could be read.
   *
   * @param definition empty where the analysis has problems
   * @param job the rest
   */
  record Configured(Optional<AnalysisDefinition> definition, JobSettingsReader.Result job) {}

  @Override
  void addOptions(SettingSources sources) {
    sources
        .option(JobKeys.KAFKA_BOOTSTRAP.name(), bootstrap, "--bootstrap")
        .option(JobKeys.REGISTRY_URL.name(), registry, "--registry")
        .option(JobKeys.DELIVERY.name(), delivery, "--delivery");
  }
}
