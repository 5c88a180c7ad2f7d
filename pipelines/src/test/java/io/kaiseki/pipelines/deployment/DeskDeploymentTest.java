package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeskOptions;
import io.kaiseki.pipelines.config.DeskSettings;
import io.kaiseki.pipelines.config.DeskSettingsReader;
import io.kaiseki.pipelines.config.SettingSources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The desk takes the arguments and variables that the deployment files give it. */
class DeskDeploymentTest {

  private static final String TOKEN = "a-token-of-24-characters";
  private static final String POD_IP = "10.0.0.7";

  @Test
  void the_desk_of_the_compose_file_starts_and_is_reached_under_its_name() throws IOException {
    JsonNode service = DeploymentFiles.read("compose.yaml").at("/services/desk");
    Map<String, String> environment = new HashMap<>();
    service
        .path("environment")
        .properties()
        .forEach(
            variable ->
                environment.put(
                    variable.getKey(),
                    variable
                        .getValue()
                        .asText()
                        .replaceFirst("\\$\\{KAISEKI_DESK_TOKEN:\\?[^}]+}", TOKEN)));

    DeskSettings desk = read(service.path("command"), "config/kaiseki.yaml", environment);

    assertThat(desk.advertised()).contains("desk:" + desk.port());
    assertThat(desk.token()).hasValueSatisfying(it -> assertThat(it.reveal()).isEqualTo(TOKEN));
  }

  @Test
  void the_desk_on_kubernetes_starts_and_is_reached_under_the_address_of_its_pod()
      throws IOException {
    List<JsonNode> objects =
        DeploymentFiles.all(
            Files.readString(DeploymentFiles.DOCKER.resolve("kubernetes/base/desk.yaml")));
    JsonNode pod = objects.get(0).at("/spec/template/spec");
    JsonNode container = pod.at("/containers/0");
    Map<String, String> environment = new HashMap<>();
    if (pod.path("enableServiceLinks").asBoolean(true)) {
      environment.put(
          objects.get(1).at("/metadata/name").asText().toUpperCase(Locale.ROOT).replace('-', '_')
              + "_PORT",
          "tcp://10.96.0.7:80");
    }
    container
        .path("env")
        .forEach(variable -> environment.put(variable.path("name").asText(), value(variable)));

    DeskSettings desk = read(container.path("args"), "kubernetes/base/kaiseki.yaml", environment);

    assertThat(desk.advertised()).contains(POD_IP + ":" + desk.port());
    assertThat(desk.token()).hasValueSatisfying(it -> assertThat(it.reveal()).isEqualTo(TOKEN));
  }

  /** What Kubernetes makes of a variable. */
  private static String value(JsonNode variable) {
    if (variable.at("/valueFrom/secretKeyRef/name").asText().equals("kaiseki-secrets")) {
      return TOKEN;
    }
    if (variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("status.podIP")) {
      return POD_IP;
    }
    return variable.path("value").asText().replace("$(POD_IP)", POD_IP);
  }

  private static DeskSettings read(
      JsonNode command, String mounted, Map<String, String> environment) throws IOException {
    List<String> words = new ArrayList<>();
    command.forEach(
        word ->
            words.add(
                word.asText()
                    .replace(
                        "/etc/kaiseki/kaiseki.yaml",
                        DeploymentFiles.DOCKER.resolve(mounted).toString())));
    String analysis = words.remove(0);
    DeskOptions options = new DeskOptions();
    new CommandLine(options).parseArgs(words.toArray(String[]::new));
    SettingSources sources =
        new SettingSources(environment).yaml(definition(analysis), "analysis.yaml");
    options.addTo(sources);
    List<ConfigurationProblem> problems = new ArrayList<>(sources.problems());
    Optional<DeskSettings> settings =
        new DeskSettingsReader(sources.settings(), problems).read(analysis);
    assertThat(problems).isEmpty();
    return settings.orElseThrow();
  }

  private static String definition(String analysis) throws IOException {
    String file = "/analyses/" + analysis + "/analysis.yaml";
    try (InputStream in =
        Objects.requireNonNull(DeskDeploymentTest.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
