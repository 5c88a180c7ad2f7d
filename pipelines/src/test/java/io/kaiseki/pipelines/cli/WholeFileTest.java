package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir Path directory;

  @Test
  void a_report_is_indented_json_that_ends_as_a_line_does() throws IOException {
    Path file = directory.resolve("report.json");

    WholeFile.writeJson(file, Map.of("documents", 7));

    assertThat(Files.readAllLines(file)).containsExactly("{", "  \"documents\" : 7", "}");
    assertThat(Files.readString(file)).endsWith("}" + System.lineSeparator());
  }

  @Test
  void an_older_report_is_replaced_and_nothing_is_left_beside_it() throws IOException {
    Path file = Files.writeString(directory.resolve("report.json"), "older and longer");

    WholeFile.write(file, "new");

    assertThat(file).hasContent("new");
    assertThat(directory).isDirectoryContaining(file::equals);
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_link_to_a_report_stays_one() throws IOException {
    Path file = Files.writeString(directory.resolve("report.json"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("latest.json"), file);

    WholeFile.write(link, "new");

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void what_is_no_file_is_written_to_and_stays_what_it_is() throws IOException {
    Path nowhere = Path.of("/dev/null");

    WholeFile.write(nowhere, "gone");

    assertThat(Files.isRegularFile(nowhere)).isFalse();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_pipe_is_written_to_by_a_name_that_leads_to_no_path_as_dev_stdout_may() throws Exception {
    Process reader = new ProcessBuilder("cat").start();
    Path pipe = Path.of("/proc", String.valueOf(reader.pid()), "fd", "0");

    WholeFile.write(pipe, "through");
    reader.getOutputStream().close();

    assertThat(reader.getInputStream()).hasContent("through");
    assertThat(reader.waitFor()).isZero();
  }

  @Test
  void where_nothing_can_be_written_the_error_names_the_place() {
    assertThatIOException()
        .isThrownBy(() -> WholeFile.write(directory.resolve("missing/report.json"), "new"))
        .withMessageContaining("missing");
  }
}
