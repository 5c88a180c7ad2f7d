package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docker/validators/install} says of a kubectl that is there, as all others are. */
class ValidatorsInstallTest {

  private static final String SCRIPT = "validators/install";

  @TempDir Path root;

  @BeforeEach
  void other_programs() throws IOException {
    Path script = root.resolve("docker").resolve(SCRIPT);
    Files.createDirectories(script.getParent());
    Files.copy(DeploymentFiles.DOCKER.resolve(SCRIPT), script);
    for (String name : List.of("docker-compose", "yamllint", "shellcheck", "npm")) {
      program(name, "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.27.0", "1.32.4-dispatcher"})
  void a_kubectl_that_understands_the_manifests_is_taken(String version) throws Exception {
    assertThat(install(version)).isEqualTo("0 ");
  }

  @Test
  void a_kubectl_too_old_for_the_manifests_is_told() throws Exception {
    assertThat(install("1.20.2"))
        .startsWith("1 kubectl is 1.20.2, and docker/kubernetes needs 1.27 or newer");
  }

  /** The exit code and what is printed. */
  private String install(String kubectl) throws IOException, InterruptedException {
    program("kubectl", "echo '  \"gitVersion\": \"v%s\",'".formatted(kubectl));
    ProcessBuilder builder =
        new ProcessBuilder("bash", root.resolve("docker").resolve(SCRIPT).toString())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("PATH", root.resolve("bin") + File.pathSeparator + environment.get("PATH"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + output;
  }

  private void program(String name, String script) throws IOException {
    Path program = root.resolve("bin").resolve(name);
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }
}
