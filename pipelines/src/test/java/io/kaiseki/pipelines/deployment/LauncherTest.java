package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the script {@code kaiseki} builds. Maven and Java only say that they ran. */
class LauncherTest {

  private static final String SOURCE = "pipelines/src/main/Edited.java";

  @TempDir Path root;

  @BeforeEach
  void a_source_tree() throws IOException {
    Files.copy(DeploymentFiles.DOCKER.getParent().resolve("kaiseki"), root.resolve("kaiseki"));
    write("pom.xml", "");
    write(SOURCE, "");
    program("java", "echo started");
  }

  @Test
  void what_has_not_changed_is_built_once() throws Exception {
    maven("");

    run();
    run();

    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void what_is_edited_during_a_build_is_built_the_next_time() throws Exception {
    // The clock of a file system is not as fine as the program is fast.
    maven("sleep 0.1; touch '" + root.resolve(SOURCE) + "'; sleep 0.1");

    run();
    run();

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void what_did_not_build_is_built_the_next_time_even_if_all_is_again_as_it_was() throws Exception {
    Path broken = root.resolve("pipelines/src/main/Broken.java");
    maven("test ! -e '" + broken + "'");
    run();
    write("pipelines/src/main/Broken.java", "");
    // The clock of a file system is not as fine as the program is fast.
    Files.setLastModifiedTime(broken, FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(launch().exitCode()).isEqualTo(1);
    Files.delete(broken);
    run();

    assertThat(builds()).isEqualTo(3);
  }

  private void maven(String more) throws IOException {
    Path home = root.resolve("pipelines/target/kaiseki");
    program("mvn", "mkdir -p '%s'; echo >>'%s'; %s".formatted(home, root.resolve("builds"), more));
  }

  private int builds() throws IOException {
    return Files.readAllLines(root.resolve("builds")).size();
  }

  private void run() throws IOException, InterruptedException {
    Launched launched = launch();
    assertThat(launched.exitCode()).as(launched.output()).isZero();
    assertThat(launched.output()).endsWith("started\n");
  }

  private record Launched(int exitCode, String output) {}

  private Launched launch() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", root.resolve("kaiseki").toString()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.remove("JAVA_HOME");
    environment.remove("XDG_STATE_HOME");
    environment.put("HOME", root.toString());
    environment.put("PATH", root.resolve("bin") + File.pathSeparator + environment.get("PATH"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Launched(process.waitFor(), output);
  }

  private void program(String name, String script) throws IOException {
    Path program = write("bin/" + name, "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private Path write(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }
}
