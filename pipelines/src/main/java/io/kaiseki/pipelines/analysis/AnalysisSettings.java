package io.kaiseki.pipelines.analysis;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The value of each key: an override, else the file's, else the default. */
final class AnalysisSettings {

  private final @Nullable SettingsFile file;
  private final AnalysisOverrides overrides;
  private final Collection<ConfigurationProblem> problems;

  /**
   * @param file the settings; null where the file itself is missing, which is a problem already
   * @param problems takes what is wrong with a value when it is asked for
   */
  AnalysisSettings(
      @Nullable SettingsFile file,
      AnalysisOverrides overrides,
      Collection<ConfigurationProblem> problems) {
    this.file = file;
    this.overrides = overrides;
    this.problems = problems;
  }

  /**
   * The value that was given or the default; empty where there is neither, and where the value
   * given is wrong, which is then noted.
   */
  <T> Optional<T> get(AnalysisKey<T> key) {
    Optional<String> given = given(key);
    if (given.isPresent()) {
      return read(key, given.get());
    }
    if (key.presence() == AnalysisKey.Presence.REQUIRED && isMissing(key)) {
      problems.add(
          new ConfigurationProblem(key.name(), "", "missing; expected " + key.form().expected()));
    }
    return Optional.ofNullable(key.defaultValue());
  }

  /** As {@link #get}, with something in place of a value that is missing or wrong. */
  <T> T get(AnalysisKey<T> key, T standIn) {
    return get(key).orElse(standIn);
  }

  /** What the user wrote for a key, and where: in the file or as an option. */
  Optional<String> given(AnalysisKey<?> key) {
    return overrides
        .get(key)
        .map(AnalysisOverrides.Override::value)
        .or(() -> file == null ? Optional.empty() : file.get(key));
  }

  /** Whether the user gave no value at all, as opposed to one that could not be taken. */
  boolean isMissing(AnalysisKey<?> key) {
    return given(key).isEmpty() && file != null && !file.refused(key);
  }

  /** The name under which the user gave a value: the option or the key. */
  String origin(AnalysisKey<?> key) {
    return overrides.get(key).map(AnalysisOverrides.Override::origin).orElse(key.name());
  }

  private <T> Optional<T> read(AnalysisKey<T> key, String value) {
    Optional<T> read = key.form().read(value);
    if (read.isEmpty()) {
      problems.add(
          new ConfigurationProblem(origin(key), value, "expected " + key.form().expected()));
    }
    return read;
  }
}
