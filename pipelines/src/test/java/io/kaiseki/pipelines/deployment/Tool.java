package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A validator that is a program of its own. Where it is not installed, or not fit, the test that
 * needs it is skipped, but never on a machine that decides what is taken (CI=true).
 *
 * @param name of the program
 * @param install the command that installs it
 */
record Tool(String name, String install) {

  /** Where {@code docker/validators} puts what comes from npm. */
  private static final Path MODULES = Path.of("target", "validators", "node_modules", ".bin");

  /** Runs it in the directory of the deployment files; answers what it printed to its output. */
  String run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), arguments);
  }

  /** As {@link #run(String...)}, with these variables besides those of this process. */
  String run(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    Optional<Path> program = find();
    require(program.isPresent(), "is not installed");
    Path errors = Files.createTempFile(name, ".err");
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(Stream.of(program.orElseThrow().toString()), Arrays.stream(arguments))
                    .toList())
            .directory(DeploymentFiles.DOCKER.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertThat(code).as(output + Files.readString(errors)).isZero();
    Files.delete(errors);
    return output;
  }

  /**
   * Goes on with a test only where the program is fit for it.
   *
   * @param problem what is wrong with the program otherwise
   */
  void require(boolean fit, String problem) {
    String message = "%s %s: %s".formatted(name, problem, install);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(fit).as(message).isTrue();
    }
    assumeTrue(fit, message);
  }

  private Optional<Path> find() {
    List<Path> places =
        Stream.concat(
                Stream.of(MODULES.toAbsolutePath()),
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                    .map(Path::of))
            .toList();
    return places.stream()
        .map(place -> place.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
