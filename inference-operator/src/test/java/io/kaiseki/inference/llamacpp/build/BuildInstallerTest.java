package io.kaiseki.inference.llamacpp.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A build comes in whole and as it was published, or not at all. */
class BuildInstallerTest {

  private static final String CACHE = "kaiseki.cache";

  @TempDir Path directory;

  private final String before = System.getProperty(CACHE, "");
  private final List<InstalledBuild> tried = new ArrayList<>();
  private final BuildInstaller installer = new BuildInstaller(tried::add);

  @BeforeEach
  void use_a_cache_of_its_own() {
    System.setProperty(CACHE, directory.resolve("cache").toString());
  }

  @AfterEach
  void give_the_cache_back() {
    System.setProperty(CACHE, before);
  }

  @Test
  void a_package_is_installed_with_the_files_that_are_wanted_and_no_others() throws IOException {
    Path archive = directory.resolve("good.tgz");
    PinnedBuild build = Tgz.pinned(archive, Tgz.good().bytes());

    InstalledBuild installed = installer.install(build, archive);

    assertThat(installed.problem()).isEmpty();
    assertThat(names(installed.directory())).containsExactlyInAnyOrder("liba.so", "libllama.so");
    assertThat(installed.library()).hasContent("llama itself");
    assertThat(tried).hasSize(1);
    assertThat(leftInCache()).containsExactly(installed.directory());
  }

  @Test
  void nobody_else_may_read_or_replace_what_is_installed() throws IOException {
    assumeThat(NativeCache.posix()).isTrue();
    Path archive = directory.resolve("good.tgz");

    InstalledBuild installed = installer.install(Tgz.pinned(archive, Tgz.good().bytes()), archive);

    assertThat(Files.getPosixFilePermissions(installed.directory()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(installed.library()))
        .isEqualTo(PosixFilePermissions.fromString("r--------"));
  }

  @Test
  void a_package_of_another_digest_is_refused_before_it_is_unpacked() throws IOException {
    Path archive = directory.resolve("changed.tgz");
    byte[] bytes = Tgz.good().bytes();
    PinnedBuild build = Tgz.pinned(archive, bytes);
    bytes[bytes.length / 2] ^= 1;
    Files.write(archive, bytes);

    assertRefused(build, archive, "its digest is sha512-", "expected " + build.integrity());
    assertThat(directory.resolve("cache")).doesNotExist();
  }

  @Test
  void a_truncated_package_is_refused_by_its_size_before_it_is_read() throws IOException {
    Path archive = directory.resolve("short.tgz");
    byte[] bytes = Tgz.good().bytes();
    PinnedBuild build = Tgz.pinned(archive, bytes);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));

    assertRefused(build, archive, bytes.length / 2 + " bytes", "fetch it again");
  }

  @Test
  void a_package_that_is_published_truncated_leaves_nothing_behind() throws IOException {
    Path archive = directory.resolve("short.tgz");
    byte[] bytes = Tgz.good().bytes();

    PinnedBuild build = Tgz.pinned(archive, Arrays.copyOf(bytes, bytes.length - 40));

    assertRefused(build, archive, "@test/package 1.0.0");
    assertThat(leftInCache()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.so",
        "package/../../outside.so",
        "/outside.so",
        "package/bins/../../../outside.so",
        "package\\..\\outside.so"
      })
  void a_package_with_a_path_that_leads_outside_is_refused(String path) throws IOException {
    Path archive = directory.resolve("traversal.tgz");
    PinnedBuild build =
        Tgz.pinned(archive, new Tgz().file(path, "bad").file("package/x", "x").bytes());

    assertRefused(build, archive, "an entry that no package should");
    assertThat(leftInCache()).isEmpty();
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all).noneMatch(file -> file.toString().contains("outside"));
    }
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_FIFO})
  void a_package_with_a_link_or_a_pipe_is_refused(byte kind) throws IOException {
    Path archive = directory.resolve("link.tgz");
    PinnedBuild build =
        Tgz.pinned(
            archive, Tgz.good().link("package/bins/liblink.so", kind, "/etc/passwd").bytes());

    assertRefused(build, archive, "package/bins/liblink.so");
    assertThat(leftInCache()).isEmpty();
  }

  @Test
  void a_package_that_lacks_a_file_or_holds_another_one_is_refused() throws IOException {
    Path lacking = directory.resolve("lacking.tgz");
    assertRefused(
        Tgz.pinned(lacking, new Tgz().file("package/bins/liba.so", "library a").bytes()),
        lacking,
        "lacks package/bins/libllama.so");

    Path other = directory.resolve("other.tgz");
    assertRefused(
        Tgz.pinned(
            other,
            new Tgz()
                .file("package/bins/liba.so", "library b")
                .file("package/bins/libllama.so", "llama itself")
                .bytes()),
        other,
        "liba.so has the SHA-256");
    assertThat(leftInCache()).isEmpty();
  }

  @Test
  void a_build_that_does_not_run_here_does_not_replace_one_that_does() throws IOException {
    Path archive = directory.resolve("good.tgz");
    PinnedBuild build = Tgz.pinned(archive, Tgz.good().bytes());
    InstalledBuild installed = installer.install(build, archive);

    BuildInstaller failing =
        new BuildInstaller(
            candidate -> {
              throw new BuildRefusedException("does not work on this machine");
            });

    assertThatThrownBy(() -> failing.install(build, archive))
        .isInstanceOf(BuildRefusedException.class)
        .hasMessageContaining("does not work on this machine");
    assertThat(installed.problem()).isEmpty();
    assertThat(leftInCache()).containsExactly(installed.directory());
  }

  @Test
  void a_build_that_does_not_get_its_place_leaves_it_to_the_one_before() throws IOException {
    Path archive = directory.resolve("good.tgz");
    PinnedBuild build = Tgz.pinned(archive, Tgz.good().bytes());
    InstalledBuild installed = installer.install(build, archive);
    BuildInstaller losing = new BuildInstaller(candidate -> lose(candidate.directory()));

    assertThatThrownBy(() -> losing.install(build, archive)).isInstanceOf(IOException.class);
    assertThat(installed.problem()).isEmpty();
    assertThat(leftInCache()).containsExactly(installed.directory());
  }

  @Test
  void a_damaged_build_is_found_out_and_replaced() throws IOException {
    Path archive = directory.resolve("good.tgz");
    PinnedBuild build = Tgz.pinned(archive, Tgz.good().bytes());
    InstalledBuild installed = installer.install(build, archive);
    Files.delete(installed.library());
    Files.delete(installed.directory().resolve("liba.so"));
    Files.writeString(installed.directory().resolve("liba.so"), "changed");

    assertThat(installed.problem().orElseThrow())
        .contains("liba.so has the SHA-256", "expected", "libllama.so is missing");

    assertThat(installer.install(build, archive).problem()).isEmpty();
    assertThat(leftInCache()).containsExactly(installed.directory());
  }

  @Test
  void a_file_that_is_not_there_is_named() throws IOException {
    PinnedBuild build = Tgz.pinned(directory.resolve("good.tgz"), Tgz.good().bytes());

    assertRefused(build, directory.resolve("missing.tgz"), "missing.tgz is no file");
  }

  @Test
  void where_npm_is_missing_the_error_says_how_to_do_without_it() throws IOException {
    PinnedBuild build = Tgz.pinned(directory.resolve("good.tgz"), Tgz.good().bytes());

    assertThatThrownBy(() -> new NpmClient("no-such-npm").fetch(build, directory))
        .isInstanceOf(BuildRefusedException.class)
        .hasMessageContainingAll(
            "npm is not on the PATH", "--from FILE.tgz", "@test/package@1.0.0");
  }

  @Test
  void where_npm_fails_the_error_has_its_own_words() throws IOException {
    assumeThat(Files.isExecutable(Path.of("/bin/ls"))).isTrue();
    PinnedBuild build = Tgz.pinned(directory.resolve("good.tgz"), Tgz.good().bytes());

    assertThatThrownBy(() -> new NpmClient("/bin/ls").fetch(build, directory))
        .isInstanceOf(BuildRefusedException.class)
        .hasMessageContainingAll("could not fetch @test/package@1.0.0", "exit code", "npm config");
  }

  private static void lose(Path directory) {
    try {
      BuildInstaller.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertRefused(PinnedBuild build, Path archive, String... told) {
    assertThatThrownBy(() -> installer.install(build, archive))
        .isInstanceOf(BuildRefusedException.class)
        .hasMessageContainingAll(told);
    assertThat(tried).isEmpty();
  }

  private List<String> names(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private List<Path> leftInCache() throws IOException {
    try (Stream<Path> files = Files.list(NativeCache.created())) {
      return files.toList();
    }
  }
}
