package io.kaiseki.desk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The reference page is made where the desk is not; it tells of the desk's options all the same.
 */
class CommandReferenceTest {

  private static final List<String> COMMON = List.of("--help", "--version", "--verbose");

  @Test
  void the_page_has_every_option_of_the_desk_as_the_desk_describes_it() throws IOException {
    String page =
        Files.readString(Path.of("..", "..", "docs", "COMMANDS.md"), StandardCharsets.UTF_8);
    int from = page.indexOf("### kaiseki desk\n");
    int next = page.indexOf("\n### ", from + 1);
    String section = page.substring(from, next < 0 ? page.length() : next);
    CommandSpec desk = new CommandLine(new DeskCommand()).getCommandSpec();

    assertThat(section).contains(desk.usageMessage().description());
    List<String> rows =
        desk.options().stream()
            .filter(option -> !COMMON.contains(option.longestName()))
            .map(
                option ->
                    "| `%s%s` | %s |"
                        .formatted(
                            String.join(", ", option.names()),
                            option.arity().max() > 0 ? " " + option.paramLabel() : "",
                            String.join(" ", option.description())))
            .toList();
    assertThat(section.lines().filter(line -> line.startsWith("| `-")))
        .containsExactlyInAnyOrderElementsOf(rows);
  }
}
