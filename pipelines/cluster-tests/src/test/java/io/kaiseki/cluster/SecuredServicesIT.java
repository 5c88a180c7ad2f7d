package io.kaiseki.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.pipelines.cli.CommandFixture;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.demo.Breakage;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import io.kaiseki.pipelines.faults.RegistryProxy;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TinyModel;
import io.kaiseki.pipelines.job.TopicRecords;
import io.kaiseki.schemas.registry.RegistryCredentials;
import io.kaiseki.schemas.registry.RegistrySettings;
import io.kaiseki.schemas.registry.RegistryTls;
import io.kaiseki.schemas.registry.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that asks for SASL over TLS and a registry that asks for a password over TLS, both with
 * certificates of an authority that only the truststore knows; and secrets that must not come out
 * anywhere.
 */
@ExtendWith(ClusterExtension.class)
class SecuredServicesIT {

  private static final String BROKER_SECRET = "planted-broker-4f1d8a";
  private static final String REGISTRY_SECRET = "planted-registry-9c27be";
  private static final String STORE_SECRET = "planted-store-77e0d3";
  private static final List<String> SECRETS = List.of(BROKER_SECRET, REGISTRY_SECRET, STORE_SECRET);

  @TempDir Path directory;

  private ThrowawayAuthority authority;
  private EmbeddedBroker broker;
  private RegistryProxy registry;

  @BeforeEach
  void start() throws Exception {
    authority = new ThrowawayAuthority(directory, STORE_SECRET);
  }

  @AfterEach
  void end() {
    if (registry != null) {
      registry.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void a_job_on_a_cluster_uses_them_and_shows_no_secret() throws Exception {
    serve("ip:127.0.0.1");
    Path checkpoints = Files.createDirectories(directory.resolve("checkpoints"));
    FlinkCluster cluster = ClusterExtension.cluster();
    StringBuilder shown = new StringBuilder();
    try (JobFixture job = new JobFixture(kafka(), registry(), checkpoints)) {
      CommandFixture submitted = CommandFixture.run(run(job, "flink:" + cluster.address()));
      assertThat(submitted.exitCode()).as(submitted.err()).isZero();
      assertThat(submitted.out()).contains("All tasks run");

      byte[] good = job.encode("d1", "Order", "The parcel has not arrived.");
      job.send("d1", good);
      job.send("d2", Breakage.values()[0].applyTo(good).value());
      Awaitility.await()
          .atMost(Duration.ofMinutes(5))
          .until(
              () -> {
                job.poll(Duration.ofMillis(200));
                return job.outcomes.size() == 2;
              });

      assertThat(job.outcomes).hasAtLeastOneElementOfType(Received.Dead.class);
      CommandFixture again = CommandFixture.run(run(job, "flink:" + cluster.address()));
      assertThat(again.exitCode()).isEqualTo(2);
      assertThat(again.err()).contains("runs a job called " + job.settings.name());
      CommandFixture line = CommandFixture.run(printed(job, "flink:" + cluster.address()));
      assertThat(line.out()).contains("flink run").contains("KAISEKI_REGISTRY_PASSWORD");
      List.of(submitted, again, line).forEach(one -> shown.append(one.out()).append(one.err()));
      shown.append(everythingOverRest(cluster, job.settings.name()));
      for (String topic :
          List.of(job.definition.topics().results(), job.definition.topics().deadLetters())) {
        for (ConsumerRecord<byte[], byte[]> record : TopicRecords.written(kafka(), topic)) {
          shown.append(new String(record.value(), StandardCharsets.ISO_8859_1));
          record
              .headers()
              .forEach(
                  header -> shown.append(new String(header.value(), StandardCharsets.ISO_8859_1)));
        }
      }
      shown.append(cluster.logs());
    }
    assertThat(shown.length()).isGreaterThan(50_000);
    SECRETS.forEach(secret -> assertThat(shown.indexOf(secret)).as(secret).isNegative());
  }

  @Test
  void certificates_for_another_host_and_wrong_passwords_are_refused_in_one_message_each()
      throws Exception {
    serve("dns:another.example");

    CommandFixture mismatch = CommandFixture.run(check());

    assertThat(mismatch.exitCode()).isEqualTo(2);
    assertThat(mismatch.err())
        .contains("kafka.bootstrap.servers = ")
        .contains("registry.url = https://127.0.0.1")
        .contains("host");
    SECRETS.forEach(secret -> assertThat(mismatch.err()).doesNotContain(secret));
  }

  private void serve(String names) throws Exception {
    Path server = authority.server("server.p12", names);
    Map<String, String> secured = new LinkedHashMap<>();
    secured.put("listener.security.protocol.map", "CLIENTS:SASL_SSL,CONTROLLER:PLAINTEXT");
    secured.put("sasl.enabled.mechanisms", "PLAIN");
    secured.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    secured.put(
        "listener.name.clients.plain.sasl.jaas.config",
        login() + " user_kaiseki=\"" + BROKER_SECRET + "\";");
    secured.put("ssl.keystore.type", "PKCS12");
    secured.put("ssl.keystore.location", server.toString());
    secured.put("ssl.keystore.password", STORE_SECRET);
    secured.put("ssl.key.password", STORE_SECRET);
    secured.put("ssl.truststore.type", "PKCS12");
    secured.put("ssl.truststore.location", authority.truststore().toString());
    secured.put("ssl.truststore.password", STORE_SECRET);
    broker = EmbeddedBroker.start(directory.resolve("broker"), 0, secured);
    registry =
        RegistryProxy.secured(
            ServicesExtension.registry().address(),
            authority.context(server),
            "kaiseki",
            REGISTRY_SECRET);
  }

  private static String login() {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"kaiseki\""
        + " password=\""
        + BROKER_SECRET
        + "\"";
  }

  private KafkaSettings kafka() {
    return new KafkaSettings(
        broker.bootstrapServers(),
        Map.of(
            "security.protocol",
            "SASL_SSL",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            login() + ";",
            "ssl.truststore.type",
            "PKCS12",
            "ssl.truststore.location",
            authority.truststore().toString(),
            "ssl.truststore.password",
            STORE_SECRET));
  }

  private RegistrySettings registry() {
    RegistrySettings plain = RegistrySettings.of(registry.url());
    return new RegistrySettings(
        List.of(registry.url()),
        new RegistryCredentials.Basic("kaiseki", Secret.of(REGISTRY_SECRET)),
        new RegistryTls(
            new RegistryTls.Keystore(
                authority.truststore().toString(), "PKCS12", Secret.of(STORE_SECRET), null),
            null),
        plain.connectTimeout(),
        plain.readTimeout());
  }

  /** Secrets stand in files, but for one that is given as an option. */
  private Path settings() throws Exception {
    Path jaas = Files.writeString(directory.resolve("jaas"), login() + ";");
    Path store = Files.writeString(directory.resolve("store"), STORE_SECRET);
    return Files.writeString(
        directory.resolve("kaiseki.yaml"),
        """
        kafka:
          security.protocol: SASL_SSL
          sasl.mechanism: PLAIN
          sasl.jaas.config: ${file:%s}
          ssl.truststore.type: PKCS12
          ssl.truststore.location: %s
          ssl.truststore.password: ${file:%s}
          default.api.timeout.ms: 30000
          request.timeout.ms: 15000
        registry:
          user: kaiseki
          truststore.location: %s
          truststore.password: ${file:%s}
        """
            .formatted(jaas, authority.truststore(), store, authority.truststore(), store));
  }

  private String[] run(JobFixture job, String target) throws Exception {
    List<String> arguments = new ArrayList<>(job.commandLine("run", TinyModel.file()));
    arguments.addAll(
        List.of(
            "--config",
            settings().toString(),
            "-s",
            "registry.password=" + REGISTRY_SECRET,
            "-s",
            "job.parallelism=1",
            "--target",
            target));
    return arguments.toArray(String[]::new);
  }

  private String[] printed(JobFixture job, String target) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(run(job, target)));
    arguments.add("--print-submit");
    return arguments.toArray(String[]::new);
  }

  private String[] check() throws Exception {
    return new String[] {
      "check",
      JobFixture.MOOD,
      "--config",
      settings().toString(),
      "--model",
      TinyModel.file().toString(),
      "--bootstrap",
      broker.bootstrapServers(),
      "--registry",
      registry.url(),
      "-s",
      "registry.password=" + REGISTRY_SECRET,
      "-s",
      "job.checkpoints=" + directory.resolve("checkpoints")
    };
  }

  /** What Flink tells whoever reaches its REST interface, metrics among it. */
  private static String everythingOverRest(FlinkCluster cluster, String job) throws Exception {
    String id = "";
    for (JsonNode one : cluster.get("/jobs/overview").path("jobs")) {
      if (one.path("name").asText().equals(job)) {
        id = one.path("jid").asText();
      }
    }
    assertThat(id).isNotEmpty();
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/config",
                "/overview",
                "/jobmanager/config",
                "/jobmanager/environment",
                "/jobmanager/metrics",
                "/taskmanagers",
                "/jobs/" + id,
                "/jobs/" + id + "/config",
                "/jobs/" + id + "/plan",
                "/jobs/" + id + "/exceptions",
                "/jobs/" + id + "/checkpoints",
                "/jobs/" + id + "/checkpoints/config",
                "/jobs/" + id + "/metrics"));
    for (JsonNode vertex : cluster.get("/jobs/" + id).path("vertices")) {
      String path = "/jobs/" + id + "/vertices/" + vertex.path("id").asText();
      paths.addAll(List.of(path, path + "/subtasks/metrics", path + "/metrics"));
    }
    StringBuilder all = new StringBuilder();
    for (String path : paths) {
      all.append(cluster.rest(path));
    }
    return all.toString();
  }
}
