package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServeCommandTest {

  @Test
  void bounds_are_told_together_and_nothing_is_served() {
    CommandFixture greatest =
        serve("--port=65536", "--queue=2147483647", "--max-body=2147483647", "--deadline=25h");
    CommandFixture least = serve("--port=-1", "--queue=-1", "--max-body=1023", "--deadline=0s");

    for (CommandFixture ran : new CommandFixture[] {greatest, least}) {
      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err()).contains("5 settings are wrong").contains("--model = /no/such.gguf");
      assertThat(ran.out()).isEmpty();
    }
    assertThat(greatest.err())
        .contains("--port = 65536: expected 0 to 65535")
        .contains("--queue = 2147483647: expected 0 to 1000000")
        .contains("--max-body = 2147483647: expected 1024 to 1073741824")
        .contains("--deadline = 25h");
    assertThat(least.err())
        .contains("--port = -1: expected 0 to 65535")
        .contains("--queue = -1: expected 0 to 1000000")
        .contains("--max-body = 1023: expected 1024 to 1073741824")
        .contains("--deadline = 0s");
  }

  private static CommandFixture serve(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "serve";
    arguments[1] = "ticket-triage";
    arguments[2] = "--model=/no/such.gguf";
    System.arraycopy(options, 0, arguments, 3, options.length);
    return CommandFixture.run(arguments);
  }
}
