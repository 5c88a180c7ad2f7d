package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TinyModel;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is told at once, by name, and nothing is started. */
@ExtendWith(ServicesExtension.class)
class CheckIT {

  @TempDir Path directory;
  private Path config;

  @BeforeEach
  void writeSettings() throws Exception {
    config = directory.resolve("kaiseki.yaml");
    Files.writeString(
        config,
        """
        kafka.bootstrap.servers: %s
        registry.url: %s
        job.checkpoints: %s
        """
            .formatted(
                ServicesExtension.kafka().bootstrapServers(),
                ServicesExtension.registry().address(),
                directory.resolve("checkpoints")),
        StandardCharsets.UTF_8);
  }

  @Test
  void six_mistakes_are_six_problems_with_key_value_and_remedy() {
    CommandFixture ran =
        check(
            "--model=/no/such/model.gguf",
            "--delivery=twice",
            "--set=job.paralelism=2",
            "--set=model.slots=0",
            "--set=job.transaction-timeout=30s",
            "--bootstrap=127.0.0.1:1");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("kaiseki: 6 settings are wrong")
        .contains("--model = /no/such/model.gguf: no such file")
        .contains("--delivery = twice: expected one of exactly-once, at-least-once")
        .contains("job.paralelism = 2: unknown key; did you mean job.parallelism?")
        .contains("model.slots = 0: expected a whole number from 1")
        .contains("job.transaction-timeout = 30s: must be longer than job.checkpoint-interval")
        .contains("kafka.bootstrap.servers = 127.0.0.1:1: no answer")
        .doesNotContain("\tat ");
  }

  @Test
  void missing_topics_and_schemas_are_told_together() {
    CommandFixture ran =
        check(
            "--model=" + TinyModel.file(),
            "--set=topics.documents=absent",
            "--set=topics.results=absent.results",
            "--set=topics.dead-letters=absent.dead");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("5 settings are wrong")
        .contains("topics.documents = absent: no such topic")
        .contains("topics.results = absent.results: no such topic")
        .contains("topics.dead-letters = absent.dead: no such topic")
        .contains("absent.results-value")
        .contains("absent.dead-value");
    assertThat(directory.resolve("checkpoints")).doesNotExist();
  }

  @Test
  void a_truststore_under_another_password_is_told_beside_everything_else() throws Exception {
    Path truststore = directory.resolve("truststore.p12");
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    try (OutputStream out = Files.newOutputStream(truststore)) {
      empty.store(out, "changeit".toCharArray());
    }

    CommandFixture ran =
        check(
            "--model=" + TinyModel.file(),
            "--set=topics.documents=absent",
            "--set=registry.truststore.location=" + truststore,
            "--set=registry.truststore.password=planted-secret",
            "--set=job.checkpoint-timeout=30s");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("registry.url = " + ServicesExtension.registry().address() + ": no client")
        .contains("Failed to load SSL keystore " + truststore)
        .contains("registry.truststore.*")
        .contains("job.checkpoint-timeout = 30s: must be longer than limits.deadline")
        .contains("topics.documents = absent: no such topic")
        .doesNotContain("planted-secret")
        .doesNotContain("\tat ");
  }

  @Test
  void a_run_with_an_unknown_topic_names_the_setting_and_ends() {
    CommandFixture ran =
        run("--model=" + TinyModel.file(), "--auto-register", "--set=topics.documents=nowhere");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("topics.documents = nowhere: no such topic")
        .contains("--create-topics");
  }

  @Test
  void a_run_without_a_model_names_the_setting_and_ends() {
    CommandFixture ran = run();

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("model.file").contains("--model FILE");
  }

  @Test
  void a_run_with_a_corrupt_model_names_the_file_and_ends() throws Exception {
    Path corrupt = directory.resolve("corrupt.gguf");
    byte[] bytes = Files.readAllBytes(TinyModel.file());
    bytes[8] = (byte) 0xFF;
    bytes[15] = (byte) 0x7F;
    Files.write(corrupt, bytes);

    CommandFixture ran = run("--model=" + corrupt);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("1 setting is wrong").contains("model.file = " + corrupt);
  }

  @Test
  void credentials_that_the_registry_refuses_are_named_without_being_shown() throws Exception {
    HttpServer registry =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    registry.start();
    try {
      CommandFixture ran =
          run(
              "--model=" + TinyModel.file(),
              "--create-topics",
              "--registry=http://127.0.0.1:" + registry.getAddress().getPort(),
              "--set=registry.user=kaiseki",
              "--set=registry.password=planted-secret");

      assertThat(ran.exitCode()).isEqualTo(2);
      assertThat(ran.err())
          .contains("registry")
          .contains("401")
          .doesNotContain("planted-secret")
          .doesNotContain("\tat ");
    } finally {
      registry.stop(0);
    }
  }

  private CommandFixture check(String... options) {
    return command("check", options);
  }

  private CommandFixture run(String... options) {
    return command("run", options);
  }

  private CommandFixture command(String name, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of(name, "ticket-triage", "--config", config.toString()));
    arguments.addAll(List.of(options));
    return CommandFixture.run(arguments.toArray(String[]::new));
  }
}
