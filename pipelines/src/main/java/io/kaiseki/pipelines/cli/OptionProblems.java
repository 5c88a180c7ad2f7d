package io.kaiseki.pipelines.cli;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with the options of a command, so that all of it is told at once. */
final class OptionProblems {

  private final Predicate<Path> writable;

  private final List<ConfigurationProblem> problems = new ArrayList<>();

  /** The options that name files to write, by file. */
  private final Map<Path, String> written = new HashMap<>();

  OptionProblems() {
    this(Files::isWritable);
  }

  /**
   * @param writable whether this user may write a file or directory that is there
   */
  OptionProblems(Predicate<Path> writable) {
    this.writable = writable;
  }

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
    ConfigurationException.throwIfAny(problems);
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

  /**
   * A file that is named must be one that can be written, and that no other option writes. What it
   * takes is measured for hours at times, so it must not turn out afterwards.
   */
  void checkWritable(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path whole = file.toAbsolutePath().normalize();
    Path parent = whole.getParent();
    if (parent == null || Files.isDirectory(whole)) {
      add(option, file.toString(), "is a directory; name a file");
    } else if (!WholeFile.isSpecial(whole) && !writable.test(parent)) {
      add(option, file.toString(), "its directory can't be written");
    } else if (Files.exists(whole) && !writable.test(whole)) {
      add(option, file.toString(), "is there and can't be written; name another file");
    }
    String other = written.putIfAbsent(whole, option);
    if (other != null) {
      add(option, file.toString(), "is the file of " + other + " too; name another");
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

  /** An option that would change nothing must not be given. */
  void checkAbsent(String option, @Nullable Object value, String remedy) {
    if (value != null) {
      add(option, value.toString(), remedy);
    }
  }

  void checkAtLeast(String option, int value, int least) {
    if (value < least) {
      add(option, String.valueOf(value), "expected a whole number from " + least + " on");
    }
  }
}
