package io.kaiseki.pipelines.config;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * A value that a user gave. It may hold references, such as {@code ${env:NAME}}; they are followed
 * when it is read, so that one which leads nowhere does no harm in a process that has no use for
 * it: a file of settings may serve several, and not all of them are let into its secrets.
 */
public final class Setting {

  private final String key;
  private final String given;
  private final String origin;
  private final Map<String, String> environment;

  /**
   * @param key what it sets, such as {@code job.delivery}
   * @param given the value as it was written
   * @param origin where it was given: the key in a file, a variable or an option
   * @param environment variables by name, for references
   */
  Setting(String key, String given, String origin, Map<String, String> environment) {
    this.key = key;
    this.given = given;
    this.origin = origin;
    this.environment = environment;
  }

  /** Where it was given: the key in a file, a variable or an option. */
  public String origin() {
    return origin;
  }

  /** Whether a variable of the environment gave it, and nothing that overrides one. */
  public boolean isFromEnvironment() {
    return origin.startsWith(SettingSources.ENVIRONMENT_PREFIX);
  }

  /** The value as it was written, with its references; not to be shown, but see {@link #shown}. */
  public String given() {
    return given;
  }

  /**
   * The value with its references replaced.
   *
   * @param problems takes it if one of them leads nowhere
   * @return empty exactly if one of them leads nowhere
   */
  public Optional<String> value(Collection<ConfigurationProblem> problems) {
    try {
      return Optional.of(References.resolve(given, environment));
    } catch (References.UnresolvedException e) {
      problems.add(new ConfigurationProblem(origin, Secrets.shown(key, given), e.getMessage()));
      return Optional.empty();
    }
  }

  /** The value as it may be shown: redacted where it is, or may hold, a secret. */
  public String shown() {
    try {
      return Secrets.shown(key, References.resolve(given, environment));
    } catch (References.UnresolvedException e) {
      return Secrets.shown(key, given);
    }
  }

  /** What was written, where it may be shown. */
  @Override
  public String toString() {
    return origin + " = " + Secrets.shown(key, given);
  }
}
