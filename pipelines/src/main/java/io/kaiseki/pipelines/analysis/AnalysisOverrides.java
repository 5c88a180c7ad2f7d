package io.kaiseki.pipelines.analysis;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.config.ValueForm;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Values that take the place of those in {@code analysis.yaml}, such as the options of a command.
 * They pass the same checks; a problem with one names the option it came from. One that names
 * another reasoning policy or another place for the model also puts aside what the file says for
 * its own. Immutable.
 */
public final class AnalysisOverrides {

  private static final AnalysisOverrides NONE = new AnalysisOverrides(Map.of());

  private final Map<AnalysisKey<?>, Override> overrides;

  private AnalysisOverrides(Map<AnalysisKey<?>, Override> overrides) {
    this.overrides = overrides;
  }

  public static AnalysisOverrides none() {
    return NONE;
  }

  /**
   * These overrides and one more; a later value for the same key wins.
   *
   * @param value the value; its bounds are checked when the analysis is loaded
   * @param origin the option as the user wrote it, such as {@code --model}
   */
  public <T> AnalysisOverrides with(AnalysisKey<T> key, T value, String origin) {
    return withText(key, ValueForm.show(value), origin);
  }

  /** As {@link #with}, for a value that is still text, to be read as in the file. */
  public AnalysisOverrides withText(AnalysisKey<?> key, String value, String origin) {
    return with(key, new Override(value, origin, problems -> Optional.of(value)));
  }

  /** As {@link #withText}, for a value whose references are followed if the key is read. */
  public AnalysisOverrides with(AnalysisKey<?> key, Setting setting) {
    return with(key, new Override(setting.given(), setting.origin(), setting::value));
  }

  private AnalysisOverrides with(AnalysisKey<?> key, Override override) {
    Map<AnalysisKey<?>, Override> more = new LinkedHashMap<>(overrides);
    more.put(key, override);
    return new AnalysisOverrides(more);
  }

  Optional<Override> get(AnalysisKey<?> key) {
    return Optional.ofNullable(overrides.get(key));
  }

  /**
   * A value and the option that gave it.
   *
   * @param given as it was written
   * @param origin the option
   * @param value the value itself; empty, and a problem noted, where a reference leads nowhere
   */
  record Override(
      String given,
      String origin,
      Function<Collection<ConfigurationProblem>, Optional<String>> value) {}
}
