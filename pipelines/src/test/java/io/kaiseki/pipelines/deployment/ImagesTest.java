package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What images are built from, and that containers may do no more than they must. */
class ImagesTest {

  private static final Pattern ARGUMENT = Pattern.compile("ARG (\\w+)=(\\S+)");
  private static final Pattern FROM = Pattern.compile("FROM (\\S+)(?: AS (\\S+))?");
  private static final Pattern RELEASE =
      Pattern.compile("[^:@]+:v?\\d+(\\.\\d+)*[\\w.-]*|.+@sha256:.+");

  static List<Path> dockerfiles() throws IOException {
    try (Stream<Path> files = Files.walk(DeploymentFiles.DOCKER)) {
      return files.filter(file -> file.endsWith("Dockerfile")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void each_base_is_a_release_or_a_digest(Path file) throws IOException {
    Map<String, String> arguments = new HashMap<>();
    List<String> stages = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      Matcher argument = ARGUMENT.matcher(line);
      Matcher from = FROM.matcher(line);
      if (argument.matches()) {
        arguments.put("${" + argument.group(1) + "}", argument.group(2));
      } else if (from.matches()) {
        String base = resolved(from.group(1), arguments);
        assertThat(stages.contains(base) || RELEASE.matcher(base).matches()).as(line).isTrue();
        stages.add(from.group(2));
      }
    }
    assertThat(stages).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void no_image_runs_as_root(Path file) throws IOException {
    List<String> users =
        Files.readAllLines(file).stream().filter(line -> line.startsWith("USER ")).toList();

    assertThat(users).isNotEmpty();
    assertThat(users.get(users.size() - 1)).isNotEqualTo("USER root");
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void what_is_copied_from_this_repository_is_there_after_the_build(Path file) throws IOException {
    Path root = DeploymentFiles.DOCKER.getParent();
    List<String> sources =
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
            .map(line -> line.replaceFirst("COPY (--\\S+ )*", ""))
            .flatMap(line -> Stream.of(line.split(" ")).limit(line.split(" ").length - 1))
            .toList();

    assertThat(sources)
        .isNotEmpty()
        // What Maven lays out is there only after `package`, and tested in the cluster test.
        .filteredOn(source -> !source.startsWith("pipelines/target/"))
        .allSatisfy(source -> assertThat(root.resolve(source)).exists());
  }

  @Test
  void the_flink_of_the_image_is_that_of_the_build() throws IOException {
    assertThat(Files.readString(DeploymentFiles.DOCKER.resolve("flink/Dockerfile")))
        .contains("ARG FLINK_IMAGE=flink:" + EnvironmentInformation.getVersion() + "-java17\n");
  }

  @Test
  void checkpoints_on_s3_want_nothing_that_a_read_only_container_would_have_to_write()
      throws IOException {
    assertThat(Files.readString(DeploymentFiles.DOCKER.resolve("flink/Dockerfile")))
        .contains("/opt/flink/opt/flink-s3-fs-presto-*.jar /opt/flink/plugins/s3-fs-presto/\n");
  }

  @Test
  void a_llama_cpp_that_is_built_here_tells_the_engine_which_release_it_is() throws IOException {
    String file = Files.readString(DeploymentFiles.DOCKER.resolve("flink/Dockerfile"));

    assertThat(file)
        .contains("ARG LLAMA_TAG=b4916\n")
        .contains("int LLAMA_BUILD_NUMBER = %s;\\n' \"${LLAMA_TAG#b}\"")
        .contains("FROM llama-source AS llama-cpu\n")
        .contains("COPY --from=llama-source /llama.cpp /llama.cpp\n");
  }

  @Test
  void no_build_of_llama_cpp_takes_the_machine_that_builds_it_for_the_one_that_runs_it()
      throws IOException {
    String file = Files.readString(DeploymentFiles.DOCKER.resolve("flink/Dockerfile"));

    assertThat(file.split("RUN cmake "))
        .hasSize(3)
        .satisfies(
            parts ->
                assertThat(Arrays.stream(parts).skip(1))
                    .allSatisfy(
                        build ->
                            assertThat(build)
                                .contains(
                                    "-DGGML_NATIVE=OFF -DCMAKE_C_FLAGS=-march=${LLAMA_CPU}")));
  }

  @Test
  void nobody_can_log_in_to_grafana_by_the_password_that_it_comes_with() throws IOException {
    JsonNode environment = DeploymentFiles.read("compose.yaml").at("/services/grafana/environment");

    assertThat(environment.path("GF_AUTH_BASIC_ENABLED").asText()).isEqualTo("false");
    assertThat(environment.path("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION").asText())
        .isEqualTo("true");
  }

  @Test
  void containers_of_ours_have_a_read_only_root_no_capabilities_and_a_limit() throws IOException {
    JsonNode services = DeploymentFiles.read("compose.yaml").path("services");

    services
        .properties()
        .forEach(
            service -> {
              JsonNode container = service.getValue();
              assertThat(container.has("mem_limit")).as(service.getKey()).isTrue();
              container
                  .path("ports")
                  .forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
              if (container.path("image").asText().startsWith("kaiseki")) {
                assertThat(container.path("read_only").asBoolean()).as(service.getKey()).isTrue();
                assertThat(container.path("cap_drop").get(0).asText()).isEqualTo("ALL");
              } else {
                assertThat(container.path("image").asText()).matches(RELEASE);
              }
            });
  }

  private static String resolved(String base, Map<String, String> arguments) {
    String resolved = base;
    for (Map.Entry<String, String> argument : arguments.entrySet()) {
      resolved = resolved.replace(argument.getKey(), argument.getValue());
    }
    return resolved;
  }
}
