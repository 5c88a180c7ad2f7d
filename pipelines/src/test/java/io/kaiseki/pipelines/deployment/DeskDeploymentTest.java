package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeskOptions;
import io.kaiseki.pipelines.config.DeskSettings;
import io.kaiseki.pipelines.config.DeskSettingsReader;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.config.SettingSources;
import io.kaiseki.pipelines.config.TelemetrySettingsReader;
import io.kaiseki.telemetry.MetricsAddress;
import io.kaiseki.telemetry.TelemetrySettings;
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

  /** The first port of its range is free in a container. */
  private static final MetricsAddress EVERY_INTERFACE =
      new MetricsAddress("0.0.0.0", MetricsAddress.FIRST_PORT, MetricsAddress.LAST_PORT);

  /** What reaches a desk, by key. */
  private record Given(String analysis, Map<String, Setting> settings) {}

  @Test
  void the_desk_of_the_compose_file_starts_and_is_reached_under_its_name() throws IOException {
    DeskSettings desk = desk(ofCompose());

    assertThat(desk.advertised()).contains("desk:" + desk.port());
    assertThat(desk.token()).hasValueSatisfying(it -> assertThat(it.reveal()).isEqualTo(TOKEN));
  }

  @Test
  void the_desk_on_kubernetes_starts_and_is_reached_under_the_address_of_its_pod()
      throws IOException {
    DeskSettings desk = desk(ofKubernetes());

    assertThat(desk.advertised()).contains(POD_IP + ":" + desk.port());
    assertThat(desk.token()).hasValueSatisfying(it -> assertThat(it.reveal()).isEqualTo(TOKEN));
  }

  @Test
  void prometheus_finds_the_metrics_of_the_desk_of_the_compose_file() throws IOException {
    assertThat(metrics(ofCompose())).isEqualTo(EVERY_INTERFACE);
    assertThat(DeploymentFiles.read("prometheus/prometheus.yml").path("scrape_configs"))
        .anySatisfy(
            scraped ->
                assertThat(scraped.at("/static_configs/0/targets/0").asText())
                    .isEqualTo("desk:" + EVERY_INTERFACE.firstPort()));
  }

  @Test
  void prometheus_finds_the_metrics_of_the_desk_on_kubernetes() throws IOException {
    assertThat(metrics(ofKubernetes())).isEqualTo(EVERY_INTERFACE);
    assertThat(kubernetes().get(0).at("/spec/template/metadata/annotations").properties())
        .anySatisfy(
            annotation -> {
              assertThat(annotation.getKey()).isEqualTo("prometheus.io/port");
              assertThat(annotation.getValue().asInt()).isEqualTo(EVERY_INTERFACE.firstPort());
            });
  }

  private static Given ofCompose() throws IOException {
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
    return given(service.path("command"), "config/kaiseki.yaml", environment);
  }

  private static Given ofKubernetes() throws IOException {
    List<JsonNode> objects = kubernetes();
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

    return given(container.path("args"), "kubernetes/base/kaiseki.yaml", environment);
  }

  private static List<JsonNode> kubernetes() throws IOException {
    return DeploymentFiles.all(
        Files.readString(DeploymentFiles.DOCKER.resolve("kubernetes/base/desk.yaml")));
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

  private static Given given(JsonNode command, String mounted, Map<String, String> environment)
      throws IOException {
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
    assertThat(sources.problems()).isEmpty();
    return new Given(analysis, sources.settings());
  }

  private static DeskSettings desk(Given given) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    Optional<DeskSettings> settings =
        new DeskSettingsReader(given.settings(), problems).read(given.analysis());
    assertThat(problems).isEmpty();
    return settings.orElseThrow();
  }

  private static MetricsAddress metrics(Given given) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    TelemetrySettings settings =
        new TelemetrySettingsReader(given.settings(), problems).read("kaiseki-desk", "1");
    assertThat(problems).isEmpty();
    return settings.metrics().orElseThrow();
  }

  private static String definition(String analysis) throws IOException {
    String file = "/analyses/" + analysis + "/analysis.yaml";
    try (InputStream in =
        Objects.requireNonNull(DeskDeploymentTest.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
