package io.kaiseki.pipelines.config;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Has errors of a command reported as its exceptions are. By itself picocli lets them pass, and a
 * process that is left by one would wait for the end of a command that has ended.
 */
public final class CommandErrors {

  private static final long MIB = 1 << 20;

  private CommandErrors() {}

  /**
   * Runs the command that was parsed, for {@link CommandLine#setExecutionStrategy}.
   *
   * @throws ExecutionException if it fails, by an error, too
   */
  public static int reported(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (Error e) {
      List<CommandLine> commands = parsed.asCommandLineList();
      throw new ExecutionException(commands.get(commands.size() - 1), describe(e), e);
    }
  }

  /** What goes before the error's own message. */
  private static String describe(Error error) {
    return error instanceof OutOfMemoryError
        ? "out of memory (its heap takes up to %,d MiB; KAISEKI_HEAP=4g in its environment gives it"
                .formatted(Runtime.getRuntime().maxMemory() / MIB)
            + " more, in a container KAISEKI_JAVA_OPTS=-Xmx4g)"
        : "ended by " + error.getClass().getSimpleName();
  }
}
