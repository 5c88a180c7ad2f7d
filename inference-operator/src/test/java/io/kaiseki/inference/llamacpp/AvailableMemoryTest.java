package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container has left, by the files of its cgroup. */
class AvailableMemoryTest {

  @TempDir private Path cgroup;

  @Test
  void cached_files_are_as_good_as_free() throws IOException {
    write("memory.max", "1000");
    write("memory.current", "800");
    write("memory.stat", "anon 300\nfile 500\nfile_mapped 7\nshmem 0\n");

    assertThat(AvailableMemory.left(cgroup)).isEqualTo(700);
  }

  @Test
  void files_of_a_tmpfs_are_not_though_they_are_counted_as_cache() throws IOException {
    write("memory.max", "1000");
    write("memory.current", "800");
    write("memory.stat", "anon 300\nfile 500\nshmem 450\nshmem_thp 9\n");

    assertThat(AvailableMemory.left(cgroup)).isEqualTo(250);
  }

  @Test
  void without_a_limit_the_container_has_what_the_machine_has() throws IOException {
    write("memory.max", "max");
    write("memory.current", "800");

    assertThat(AvailableMemory.left(cgroup)).isEqualTo(Long.MAX_VALUE);
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(cgroup.resolve(file), text + "\n");
  }
}
