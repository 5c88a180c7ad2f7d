package io.kaiseki.pipelines.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastLinesTest {

  @TempDir Path directory;

  @Test
  void the_last_lines_stand_behind_the_message_without_frames_of_stack_traces() throws IOException {
    Path log =
        Files.writeString(
            directory.resolve("log"),
            """
            starting
            one
            two
            three

            java.net.BindException: in use
            \tat java.base/sun.nio.ch.Net.bind0(Native Method)
            \t... 12 more
            Caused by: something
            """);

    assertThat(LastLines.after("it ended", log))
        .isEqualTo(
            "it ended: one / two / three / java.net.BindException: in use / Caused by: something");
  }

  @Test
  void where_nothing_was_printed_or_can_be_read_the_message_stands_all_the_same()
      throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));

    assertThat(LastLines.after("it ended", empty)).isEqualTo("it ended");
    assertThat(LastLines.after("it ended", directory.resolve("missing")))
        .startsWith("it ended; its log can't be read: ");
  }

  @Test
  void output_that_is_cut_off_amid_a_character_can_be_read() throws IOException {
    Path log = directory.resolve("log");
    byte[] whole = "größe".getBytes(StandardCharsets.UTF_8);
    Files.write(log, Arrays.copyOf(whole, 3));

    assertThat(LastLines.after("it ended", log)).startsWith("it ended: gr");
  }
}
