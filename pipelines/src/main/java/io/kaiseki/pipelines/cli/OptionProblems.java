package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with the options of a command, so that all of it is told at once. */
final class OptionProblems {

  private final List<ConfigurationProblem> problems = new ArrayList<>();

  /** What was found so far; parts of the product that check on their own add to it. */
  List<ConfigurationProblem> all() {
    return problems;
  }

  /**
   * Ends the check.
   *
   * @throws ConfigurationException if anything was found
   */
  void refuseAny() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  void add(String option, String value, String remedy) {
    problems.add(new ConfigurationProblem(option, value, remedy));
  }

  /** A file that is named must be there. */
  void checkFile(String option, @Nullable Path file, String remedy) {
    if (file != null && !Files.isRegularFile(file)) {
      add(option, file.toString(), remedy);
    }
  }

  /** A file that is named must have a place where it can be written. */
  void checkWritable(String option, @Nullable Path file) {
    Path parent = file == null ? null : file.toAbsolutePath().getParent();
    if (parent != null && !Files.isWritable(parent)) {
      add(option, String.valueOf(file), "its directory can't be written");
    }
  }

  /** A word that is given must be one of these. */
  void checkOneOf(String option, @Nullable String value, Iterable<String> words) {
    for (String word : words) {
      if (value == null || value.equals(word)) {
        return;
      }
    }
    add(option, String.valueOf(value), "choose one of " + String.join(", ", words));
  }

  void checkAtLeast(String option, int value, int least) {
    if (value < least) {
      add(option, String.valueOf(value), "expected a whole number from " + least + " on");
    }
  }
}
