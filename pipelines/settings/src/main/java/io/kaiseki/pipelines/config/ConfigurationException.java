package io.kaiseki.pipelines.config;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration can't be used. It carries every problem that was found, not only the first. */
public final class ConfigurationException extends RuntimeException {

  private final List<ConfigurationProblem> problems;

  public ConfigurationException(List<ConfigurationProblem> problems) {
    super(
        problems.stream()
            .map(ConfigurationProblem::toString)
            .collect(Collectors.joining(System.lineSeparator())));
    this.problems = List.copyOf(problems);
  }

  /**
   * Goes on if there is no problem.
   *
   * @throws ConfigurationException with all of them, otherwise
   */
  public static void throwIfAny(Collection<ConfigurationProblem> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(List.copyOf(problems));
    }
  }

  public List<ConfigurationProblem> problems() {
    return problems;
  }
}
