package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SamplesCommandTest {

  private final StringWriter out = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5"})
  void no_tickets_at_all_are_refused_with_whatever_else_is_wrong(String documents) {
    CommandFixture ran =
        CommandFixture.run("samples", "ticket-triage", "--documents=" + documents, "--rate=0");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--documents = " + documents + ": expected a whole number from 1 on")
        .contains("--rate = 0.0: expected a number over 0");
  }

  @Test
  void tickets_that_were_asked_for_and_not_sent_are_no_success() {
    SamplesCommand command = parsed("--documents=100");

    assertThat(command.tell(40, "tickets")).isEqualTo(1);
    assertThat(out).hasToString("Stopped: 40 of 100 tickets sent to tickets%n".formatted());
  }

  @Test
  void all_of_them_are_and_so_are_any_where_no_number_was_given() {
    assertThat(parsed("--documents=40").tell(40, "tickets")).isZero();
    assertThat(parsed().tell(40, "tickets")).isZero();
    assertThat(out)
        .hasToString("40 tickets sent to tickets%n40 tickets sent to tickets%n".formatted());
  }

  private SamplesCommand parsed(String... options) {
    CommandLine kaiseki = Kaiseki.commandLine(StopSignal.none()).setOut(new PrintWriter(out));
    List<String> arguments = new ArrayList<>(List.of("samples", "ticket-triage"));
    arguments.addAll(List.of(options));
    kaiseki.parseArgs(arguments.toArray(String[]::new));
    return kaiseki.getSubcommands().get("samples").getCommand();
  }
}
