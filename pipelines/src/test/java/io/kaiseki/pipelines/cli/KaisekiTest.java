package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelMemory;
import io.kaiseki.pipelines.job.TinyModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class KaisekiTest {

  @TempDir Path directory;

  @ParameterizedTest
  @MethodSource("allCommands")
  void every_command_has_help_with_an_example(List<String> command) {
    List<String> arguments = new ArrayList<>(command);
    arguments.add("--help");

    CommandFixture ran = CommandFixture.run(arguments.toArray(String[]::new));

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("Example").contains("  kaiseki " + String.join(" ", command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "backfill",
        "check",
        "prepare",
        "samples",
        "deadletters",
        "redrive",
        "desk"
      })
  void examples_of_what_needs_kafka_and_a_registry_say_where_they_are(String command) {
    String[] examples =
        Kaiseki.commandLine(StopSignal.none())
            .getSubcommands()
            .get(command)
            .getCommandSpec()
            .usageMessage()
            .footer();

    assertThat(examples)
        .isNotEmpty()
        .allSatisfy(
            example ->
                assertThat(example)
                    .containsAnyOf("--config ", "--bootstrap localhost:9092 --registry http"));
  }

  static List<List<String>> allCommands() {
    List<List<String>> commands = new ArrayList<>();
    collect(List.of(), Kaiseki.commandLine(StopSignal.none()), commands);
    return commands;
  }

  private static void collect(List<String> path, CommandLine command, List<List<String>> commands) {
    commands.add(path);
    command
        .getSubcommands()
        .forEach(
            (name, subcommand) -> {
              if (!name.equals("help")) {
                List<String> longer = new ArrayList<>(path);
                longer.add(name);
                collect(longer, subcommand, commands);
              }
            });
  }

  @Test
  void no_command_and_an_unknown_option_are_usage_errors() {
    assertThat(CommandFixture.run().exitCode()).isEqualTo(2);
    assertThat(CommandFixture.run("demo", "--no-such-option").exitCode()).isEqualTo(2);
  }

  @Test
  void a_command_that_ends_by_an_error_is_reported_and_no_success() {
    StringWriter err = new StringWriter();
    CommandLine command =
        Kaiseki.commandLine(StopSignal.none())
            .addSubcommand("broken", new Broken())
            .setErr(new PrintWriter(err));

    assertThat(command.execute("broken")).isEqualTo(1);
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

  @Test
  void the_version_is_that_of_the_build() {
    CommandFixture ran = CommandFixture.run("--version");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).startsWith("kaiseki ").doesNotContain("$");
  }

  @Test
  void a_demo_with_wrong_options_names_all_of_them_and_starts_nothing() {
    CommandFixture ran =
        CommandFixture.run(
            "demo", "--documents", "0", "--delivery", "twice", "--port", "70000", "--model", "no");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("4 settings are wrong")
        .contains("--documents = 0")
        .contains("--delivery = twice")
        .contains("--port = 70000")
        .contains("--model = no");
  }

  @Test
  void a_made_up_model_can_be_inspected() {
    Path file = directory.resolve("tiny.gguf");

    CommandFixture made =
        CommandFixture.run("model", "make", "--shape", "tiny", "--output", file.toString());
    CommandFixture again =
        CommandFixture.run("model", "make", "--shape", "tiny", "--output", file.toString());
    CommandFixture inspected = CommandFixture.run("model", "inspect", file.toString());

    assertThat(made.exitCode()).isZero();
    assertThat(again.exitCode()).as("an existing file is not replaced unasked").isEqualTo(2);
    assertThat(again.err()).contains("--output").contains("--force");
    assertThat(inspected.exitCode()).isZero();
    assertThat(inspected.out()).contains("qwen2").contains("KV cache").contains("can run");
  }

  @Test
  void a_small_model_that_does_not_fit_a_shape_is_refused_and_nothing_is_written() {
    Path file = directory.resolve("wide.gguf");
    String small = TinyModel.file().toString();

    CommandFixture ran =
        CommandFixture.run(
            "model", "make", "--shape", "tiny", "--widen", small, "--output", file.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--widen = " + small)
        .contains("the small model does not fit the shape: it is too wide");
    assertThat(file).doesNotExist();
  }

  @Test
  void a_model_is_said_to_take_what_the_engine_will_ask_for() {
    String file = TinyModel.file().toString();

    CommandFixture ran =
        CommandFixture.run(
            "model",
            "inspect",
            file,
            "--slots",
            "4",
            "--context-tokens",
            "4096",
            "--batch-tokens",
            "256");

    assertThat(ran.out())
        .contains(
            ModelMemory.of(
                    new LlamaCppSettings(file, "", 4, 4096, 256, 0, LlamaCppSettings.AUTO_LIBRARY),
                    ModelFile.open(Path.of(file)))
                .explain());
  }

  @Test
  void a_file_that_is_no_model_is_refused_with_its_name() throws Exception {
    Path file = directory.resolve("model.gguf");
    Files.writeString(file, "not a model", StandardCharsets.UTF_8);

    CommandFixture ran = CommandFixture.run("model", "inspect", file.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(file.toString()).doesNotContain("\tat ");
  }

  @Test
  void the_schema_of_results_is_printed_as_avro() {
    CommandFixture ran = CommandFixture.run("schema", "print", "ticket-triage");

    assertThat(ran.exitCode()).isZero();
    assertThat(new org.apache.avro.Schema.Parser().parse(ran.out()).getName())
        .isEqualTo("TicketTriageResult");
  }
}
