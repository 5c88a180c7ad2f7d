package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Tells a person what went wrong, in as few words as it takes; the log file has the rest. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static int report(Exception failure, CommandLine command, boolean verbose) {
    LOG.info("command failed name={}", command.getCommandName(), failure);
    PrintWriter err = command.getErr();
    Optional<ConfigurationException> wrong = causeOf(failure, ConfigurationException.class);
    if (wrong.isPresent()) {
      print(wrong.get().problems(), err);
    } else {
      err.println("kaiseki: " + message(failure));
      err.println("More in " + System.getProperty(Logs.FILE_PROPERTY, "the log") + ".");
    }
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return wrong.isPresent() ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
  }

  /** All problems, one to a line. */
  static void print(List<ConfigurationProblem> problems, PrintWriter out) {
    out.println(
        problems.size() == 1
            ? "kaiseki: 1 setting is wrong"
            : "kaiseki: " + problems.size() + " settings are wrong");
    for (ConfigurationProblem problem : problems) {
      out.println("  " + problem);
    }
    out.flush();
  }

  /** The message of the cause that says most: an engine that can't start, or else the root. */
  static String message(Throwable failure) {
    Optional<String> unavailable =
        causeOf(failure, EngineUnavailableException.class).map(Throwable::getMessage);
    if (unavailable.isPresent()) {
      return unavailable.get();
    }
    List<Throwable> causes = causes(failure);
    Throwable root = causes.get(causes.size() - 1);
    String text = root.getMessage();
    if (root instanceof FileSystemException || text == null || text.isBlank()) {
      text = root.getClass().getSimpleName() + ": " + text;
    }
    String context = failure.getMessage();
    return context == null || root == failure
        ? text
        : context.lines().findFirst().orElse("") + ": " + text;
  }

  private static <T extends Throwable> Optional<T> causeOf(Throwable failure, Class<T> type) {
    return causes(failure).stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static List<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).toList();
  }
}
