package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds of llama.cpp from the command line, with npm's real package where it can be had. */
class NativeCommandIT {

  private static final String CACHE = "kaiseki.cache";

  @TempDir Path directory;

  private final String before = System.getProperty(CACHE, "");

  @BeforeEach
  void use_a_cache_of_its_own() {
    System.setProperty(CACHE, directory.resolve("cache").toString());
    assumeThat(PinnedBuild.all()).anyMatch(PinnedBuild::forThisPlatform);
  }

  @AfterEach
  void give_the_cache_back() {
    System.setProperty(CACHE, before);
  }

  @Test
  void a_build_is_fetched_installed_listed_verified_and_found_out_when_it_is_damaged()
      throws IOException {
    CommandFixture added = CommandFixture.run("native", "add");
    // Nothing but npm may be the reason to skip, and that only where .ci/run has not just used it.
    boolean withoutNpm =
        added.err().contains("npm could not fetch") || added.err().contains("npm is not on");
    Assumptions.assumeFalse(withoutNpm && !"true".equals(System.getenv("CI")), added.err());

    assertThat(added.exitCode()).as(added.err()).isZero();
    assertThat(added.out()).contains("Runs here as llama.cpp v0.5.0", ", cpu ");
    assertThat(CommandFixture.run("native", "add").out()).contains("is installed and whole");
    assertThat(CommandFixture.run("native", "list").out())
        .contains("verified", "model.library = auto takes v0.5.0 on this machine");
    CommandFixture verified = CommandFixture.run("native", "verify");
    assertThat(verified.exitCode()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("files are what they must be", "process of its own");

    InstalledBuild installed = InstalledBuild.inCache(PinnedBuild.all().get(0));
    Files.delete(installed.library());

    CommandFixture damaged = CommandFixture.run("native", "verify");
    assertThat(damaged.exitCode()).isEqualTo(1);
    assertThat(damaged.err())
        .contains(installed.build().library() + " is missing", "kaiseki native add v0.5.0");
    assertThat(CommandFixture.run("native", "list").out())
        .contains("broken: ", "model.library = auto takes shipped on this machine");
  }

  @Test
  void what_is_not_installed_is_available_and_can_not_be_verified() {
    assertThat(CommandFixture.run("native", "list").out())
        .contains("available: kaiseki native add v0.5.0", "takes shipped on this machine");
    CommandFixture verified = CommandFixture.run("native", "verify");
    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.err()).contains("v0.5.0 is not installed");
  }

  @Test
  void another_file_and_an_unknown_name_are_refused_and_nothing_is_installed() throws IOException {
    Path file = Files.writeString(directory.resolve("other.tgz"), "no package");

    CommandFixture other = CommandFixture.run("native", "add", "--from", file.toString());
    CommandFixture unknown = CommandFixture.run("native", "add", "v9");

    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.err()).contains(file + " has 10 bytes", "@node-llama-cpp/linux-x64 3.22.1");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("v9", "there is v0.5.0");
    assertThat(CommandFixture.run("native", "list").out()).contains("available");
  }
}
