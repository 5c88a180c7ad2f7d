package io.kaiseki.pipelines.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs the command in this JVM and keeps what it prints. */
public record CommandFixture(int exitCode, String out, String err) {

  public static CommandFixture run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Kaiseki.commandLine(StopSignal.none());
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    int exitCode = command.execute(arguments);
    return new CommandFixture(exitCode, out.toString(), err.toString());
  }
}
