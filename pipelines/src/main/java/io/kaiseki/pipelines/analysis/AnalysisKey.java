package io.kaiseki.pipelines.analysis;

import io.kaiseki.pipelines.config.ValueForm;
import org.jspecify.annotations.Nullable;

/**
 * A setting of {@code analysis.yaml}, as data: files are read, and reference pages written, from
 * {@link AnalysisKeys#all()}.
 *
 * @param name where it stands in the file, with dots between the levels, such as {@code
 *     model.slots}
 * @param form the values it takes
 * @param presence whether it must be given
 * @param defaultValue its value where it is not given; null where that means "none"
 * @param description one line for the reference page
 */
public record AnalysisKey<T>(
    String name,
    ValueForm<T> form,
    Presence presence,
    @Nullable T defaultValue,
    String description) {

  /** Whether a setting must be given. */
  public enum Presence {
    REQUIRED,
    OPTIONAL
  }

  static <T> AnalysisKey<T> required(String name, ValueForm<T> form, String description) {
    return new AnalysisKey<>(name, form, Presence.REQUIRED, null, description);
  }

  static <T> AnalysisKey<T> optional(String name, ValueForm<T> form, String description) {
    return new AnalysisKey<>(name, form, Presence.OPTIONAL, null, description);
  }

  static <T> AnalysisKey<T> withDefault(
      String name, ValueForm<T> form, T defaultValue, String description) {
    return new AnalysisKey<>(name, form, Presence.OPTIONAL, defaultValue, description);
  }

  /** The default as it would be written in the file; empty where there is none. */
  public String defaultText() {
    return defaultValue == null ? "" : ValueForm.show(defaultValue);
  }
}
