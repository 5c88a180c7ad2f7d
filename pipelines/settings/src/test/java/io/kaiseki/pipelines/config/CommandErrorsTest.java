package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandErrorsTest {

  private final AtomicReference<Exception> reported = new AtomicReference<>();

  @Test
  void a_command_that_runs_out_of_memory_is_reported_with_what_gives_it_more() {
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");

    assertThat(execute(error)).isEqualTo(7);
    assertThat(reported.get())
        .hasMessageStartingWith("out of memory (its heap takes up to ")
        .hasMessageContaining("KAISEKI_HEAP=4g")
        .hasCause(error);
  }

  @Test
  void any_other_error_is_reported_by_its_name() {
    NoClassDefFoundError error = new NoClassDefFoundError("org/example/Absent");

    assertThat(execute(error)).isEqualTo(7);
    assertThat(reported.get()).hasMessage("ended by NoClassDefFoundError").hasCause(error);
  }

  private int execute(Error error) {
    return new CommandLine(new Failing(error))
        .setExecutionStrategy(CommandErrors::reported)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              reported.set(failure);
              return 7;
            })
        .execute();
  }

  @Command(name = "failing")
  private record Failing(Error error) implements Callable<Integer> {

    @Override
    public Integer call() {
      throw error;
    }
  }
}
