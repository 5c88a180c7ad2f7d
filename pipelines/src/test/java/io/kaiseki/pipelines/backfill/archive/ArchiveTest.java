package io.kaiseki.pipelines.backfill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

  @TempDir Path directory;

  @BeforeEach
  void files() throws IOException {
    for (String name :
        List.of("b.txt", "a/2.md", "a/1.EML", "c/x.html", ".hidden/a.txt", "a/.b.txt", "z.docx")) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
  }

  @Test
  void files_come_by_name_folder_by_folder_and_are_named_by_their_path() throws IOException {
    Archive archive = new Archive(List.of(directory), null);

    assertThat(ids(archive)).containsExactly("a/1.EML", "a/2.md", "b.txt", "c/x.html");
    assertThat(archive.passedOver()).containsEntry(".docx", 1).containsEntry(".*", 2);
  }

  @Test
  void several_sources_stand_in_front_of_their_names() throws IOException {
    Archive archive = new Archive(List.of(directory.resolve("c"), directory.resolve("a")), null);

    assertThat(ids(archive)).containsExactly("c/x.html", "a/1.EML", "a/2.md");
  }

  @Test
  void a_format_that_is_given_holds_for_every_file() throws IOException {
    assertThat(ids(new Archive(List.of(directory.resolve("z.docx")), Format.TEXT)))
        .containsExactly("z.docx");
  }

  @Test
  void what_is_wrong_with_sources_is_told_together() {
    List<ConfigurationProblem> problems = new ArrayList<>();

    new Archive(
            List.of(
                directory.resolve("nowhere"),
                directory.resolve("z.docx"),
                directory.resolve("a"),
                directory.resolve("c/../a")),
            null)
        .check(problems);

    assertThat(problems).hasSize(3);
    assertThat(problems.toString())
        .contains("no such file")
        .contains("--format")
        .contains("same name");
  }

  @Test
  void what_can_not_be_read_twice_is_refused_and_passed_over_within_folders() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("d"));
    Path socket = folder.resolve("live.jsonl");
    List<ConfigurationProblem> problems = new ArrayList<>();

    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
      new Archive(List.of(socket), null).check(problems);
      Archive archive = new Archive(List.of(folder), null);

      assertThat(ids(archive)).isEmpty();
      assertThat(archive.passedOver()).containsEntry(".jsonl", 1);
    }

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).toString()).contains("live.jsonl").contains("to a file first");
  }

  private static List<String> ids(Archive archive) throws IOException {
    List<String> ids = new ArrayList<>();
    archive.forEach(file -> ids.add(file.id()));
    return ids;
  }
}
