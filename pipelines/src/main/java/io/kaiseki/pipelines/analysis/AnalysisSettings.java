package io.kaiseki.pipelines.analysis;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of each key: an override, else the file's, else the default. Keys that the calibration
 * knows are read from it alone, where there is one, since only all of them together were measured.
 * Where an override says that the model is a file, the file's servers are as if not given, and the
 * other way round.
 */
final class AnalysisSettings {

  private final @Nullable SettingsFile file;
  private final @Nullable SettingsFile calibration;
  private final AnalysisOverrides overrides;
  private final Collection<ConfigurationProblem> problems;
  private final Set<AnalysisKey<?>> replaced;

  /**
   * @param file the settings; null where the file itself is missing, which is a problem already
   * @param calibration what was measured to be best; null where nothing was
   * @param problems takes what is wrong with a value when it is asked for
   */
  AnalysisSettings(
      @Nullable SettingsFile file,
      @Nullable SettingsFile calibration,
      AnalysisOverrides overrides,
      Collection<ConfigurationProblem> problems) {
    this.file = file;
    this.calibration = calibration;
    this.overrides = overrides;
    this.problems = problems;
    this.replaced = replaced();
  }

  /** What the file says of where the model runs, if an override says otherwise. */
  private Set<AnalysisKey<?>> replaced() {
    boolean byFile = isOverride(AnalysisKeys.MODEL_FILE);
    if (byFile == isOverride(AnalysisKeys.MODEL_ENDPOINT)) {
      return Set.of();
    }
    if (!byFile) {
      return Set.of(AnalysisKeys.MODEL_FILE);
    }
    Set<AnalysisKey<?>> remote = new HashSet<>(AnalysisKeys.MODEL_REMOTE.others());
    remote.add(AnalysisKeys.MODEL_ENDPOINT);
    return remote;
  }

  /**
   * The value that was given or the default; empty where there is neither, and where the value
   * given is wrong, which is then noted.
   */
  <T> Optional<T> get(AnalysisKey<T> key) {
    Optional<AnalysisOverrides.Override> override = overrides.get(key);
    if (override.isPresent()) {
      return override.get().value().apply(problems).flatMap(value -> read(key, value));
    }
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

  /** What the user wrote for a key, in the file or as an option, with its references. */
  Optional<String> given(AnalysisKey<?> key) {
    return overrides
        .get(key)
        .map(AnalysisOverrides.Override::given)
        .or(() -> replaced.contains(key) ? Optional.empty() : inFile(key));
  }

  /** Whether the value is an override's, such as an option of a command. */
  boolean isOverride(AnalysisKey<?> key) {
    return overrides.get(key).isPresent();
  }

  /** Whether the user gave no value at all, as opposed to one that could not be taken. */
  boolean isMissing(AnalysisKey<?> key) {
    SettingsFile found = fileOf(key);
    return given(key).isEmpty() && found != null && !found.refused(key);
  }

  /** Whether there is a calibration that should have a value, but has none. */
  boolean lacksMeasured(AnalysisKey<?> key) {
    return calibration != null && calibration.knows(key) && isMissing(key);
  }

  /** The name under which the user gave a value: the option or the key. */
  String origin(AnalysisKey<?> key) {
    SettingsFile found = fileOf(key);
    return overrides
        .get(key)
        .map(AnalysisOverrides.Override::origin)
        .orElseGet(() -> found == null ? key.name() : found.origin(key));
  }

  private Optional<String> inFile(AnalysisKey<?> key) {
    return Optional.ofNullable(fileOf(key)).flatMap(found -> found.get(key));
  }

  private @Nullable SettingsFile fileOf(AnalysisKey<?> key) {
    return calibration != null && calibration.knows(key) ? calibration : file;
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
