package io.kaiseki.desk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class DeskCommandTest {

  @Test
  void a_desk_that_ends_by_an_error_says_so_and_is_no_success() {
    StringWriter err = new StringWriter();
    CommandLine command =
        DeskCommand.commandLine(new DeskCommand())
            .addSubcommand("broken", new Broken())
            .setErr(new PrintWriter(err));

    assertThat(command.execute("ticket-triage", "broken")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("kaiseki: ended by NoClassDefFoundError: org/example/Absent");
  }

  /** Misses a class, by its word. */
  @Command(name = "broken")
  private static final class Broken implements Callable<Integer> {

    @Override
    public Integer call() {
      throw new NoClassDefFoundError("org/example/Absent");
    }
  }
}
