package io.kaiseki.pipelines.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServicesIT {

  @TempDir Path directory;

  @Test
  void brokers_do_not_meet_keep_old_records_and_take_no_port_that_is_taken() throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "archive");
    try (EmbeddedBroker one = EmbeddedBroker.start(directory.resolve("one"));
        EmbeddedBroker two = EmbeddedBroker.start(directory.resolve("two"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", one.bootstrapServers()))) {
      createTopic(one.bootstrapServers(), topic.name());

      assertThat(topics(two.bootstrapServers())).doesNotContain(topic.name());
      assertThat(admin.describeConfigs(List.of(topic)).all().get().get(topic))
          .satisfies(config -> assertThat(config.get("retention.ms").value()).isEqualTo("-1"));
      int taken = URI.create("kafka://" + one.bootstrapServers()).getPort();
      assertThatThrownBy(() -> EmbeddedBroker.start(directory.resolve("three"), taken))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(String.valueOf(taken));
    }
  }

  @Test
  void a_broker_process_survives_kill_and_restart_on_its_port_and_ends_with_its_parent()
      throws Exception {
    Process first = brokerProcess(0);
    String bootstrap = firstLine(first);
    createTopic(bootstrap, "kept");
    first.destroyForcibly().waitFor();

    Process second = brokerProcess(URI.create("kafka://" + bootstrap).getPort());
    assertThat(firstLine(second)).isEqualTo(bootstrap);
    assertThat(topics(bootstrap)).contains("kept");

    second.getOutputStream().close();
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void the_registry_serves_the_confluent_interface_and_is_gone_after_close() throws Exception {
    String url;
    try (EmbeddedRegistry registry =
        EmbeddedRegistry.start(Installation.registry(), directory.resolve("registry.log"))) {
      url = registry.url();
      assertThat(status(url + "/subjects")).isEqualTo(200);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThatThrownBy(() -> status(url)).isInstanceOf(IOException.class));
  }

  @Test
  void the_registry_ends_with_its_parent_also_when_the_parent_is_killed() throws Exception {
    Process parent =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dkaiseki.home=" + Installation.registry().getParent(),
                "-cp",
                System.getProperty("java.class.path"),
                RegistryHolder.class.getName(),
                directory.resolve("registry.log").toString())
            .redirectError(directory.resolve("holder.log").toFile())
            .start();
    String url = firstLine(parent);
    assertThat(status(url + "/subjects")).isEqualTo(200);

    parent.destroyForcibly().waitFor();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThatThrownBy(() -> status(url)).isInstanceOf(IOException.class));
  }

  @Test
  void a_registry_that_does_not_start_says_what_it_printed_last() throws Exception {
    Path application = Files.createDirectory(directory.resolve("application"));
    Files.createFile(application.resolve("nothing-runner.jar"));

    assertThatThrownBy(() -> EmbeddedRegistry.start(application, directory.resolve("registry.log")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended with code 1: ")
        .hasMessageContaining("ClassNotFoundException: io.quarkus.runner.GeneratedMain");
  }

  @Test
  void a_desk_that_does_not_start_says_what_it_printed_last() throws Exception {
    Path libraries = Files.createDirectory(directory.resolve("libraries"));

    assertThatThrownBy(
            () ->
                EmbeddedDesk.start(
                    libraries, "ticket-triage", "localhost:1", "http://localhost:1", directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended with code 1: ")
        .hasMessageContaining("ClassNotFoundException: io.kaiseki.desk.cli.DeskCommand");
  }

  private Process brokerProcess(int port) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddedBroker.class.getName(),
            directory.resolve("broker").toString(),
            String.valueOf(port))
        .redirectError(directory.resolve("broker.log").toFile())
        .start();
  }

  private static String firstLine(Process process) throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  private static int status(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static void createTopic(String bootstrap, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  private static Set<String> topics(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      return admin.listTopics().names().get();
    }
  }
}
