package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.cluster.JobTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubmitLineTest {

  @Test
  void the_line_for_kubernetes_has_the_settings_and_leaves_secrets_to_the_pod() {
    CommandFixture ran =
        print(
            "--target=kubernetes",
            "--set=job.checkpoints=s3://bucket/kaiseki",
            "--set=job.parallelism=3",
            "--set=registry.user=kaiseki",
            "--set=model.context-tokens=16384",
            "--set=registry.password=planted-5b1e");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .startsWith("# registry.password is a secret and left out of this line; give the Job")
        .contains("containerized.master.env.KAISEKI_REGISTRY_PASSWORD")
        .contains("-s model.context-tokens=16384")
        .contains("flink run --target kubernetes-application")
        .contains("-Dkubernetes.cluster-id=kaiseki-ticket-triage")
        .contains("-Dparallelism.default=3")
        .contains("local:///opt/flink/usrlib/kaiseki-job.jar ticket-triage")
        .contains("--model /models/model.gguf")
        .contains("-s registry.user=kaiseki")
        .doesNotContain("planted-5b1e");
  }

  @Test
  void the_image_on_kubernetes_is_the_one_that_the_deployment_files_name() throws IOException {
    String image =
        Files.readAllLines(Path.of("..", "docker", "kubernetes", "base", "job.yaml")).stream()
            .filter(line -> line.startsWith("  image: "))
            .map(line -> line.substring("  image: ".length()))
            .findFirst()
            .orElseThrow();

    CommandFixture ran = print("--target=kubernetes", "--set=job.checkpoints=s3://bucket/kaiseki");

    assertThat(ran.out()).contains(" -Dkubernetes.container.image.ref=" + image + " ");
  }

  @Test
  void the_line_for_a_session_leaves_secrets_to_its_own_environment() {
    AnalysisOptions options = new AnalysisOptions();
    options.settings.put("registry.password", "planted-5b1e");
    JobTarget session = JobTarget.read("flink:localhost:8081").orElseThrow();

    assertThat(new SubmitLine(session, options, new StartOptions()).leftOut())
        .containsExactly(
            "registry.password is a secret and left out of this line; set"
                + " KAISEKI_REGISTRY_PASSWORD in its environment");
  }

  @Test
  void what_a_variable_sets_here_is_in_the_line_since_the_job_may_not_see_it() {
    AnalysisOptions options = complete();
    options.environment =
        Map.of(
            "KAISEKI_JOB_NAME", "triage-prod",
            "KAISEKI_KAFKA_CLIENT_RACK", "${env:RACK}",
            "KAISEKI_JOB_PARALLELISM", "2",
            "KAISEKI_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092",
            "KAISEKI_REGISTRY_PASSWORD", "planted-5b1e",
            "RACK", "r1");
    options.settings.put("job.parallelism", "3");
    options.settings.put("registry.user", "kaiseki");
    SubmitLine line = new SubmitLine(new JobTarget.Kubernetes(), options, new StartOptions());

    assertThat(line.words())
        .contains("-Dkubernetes.cluster-id=triage-prod", "job.name=triage-prod")
        .contains("kafka.client.rack=${env:RACK}")
        .contains("job.parallelism=3")
        .contains("localhost:9092")
        .doesNotContain("job.parallelism=2", "kafka.bootstrap.servers=elsewhere:9092")
        .noneMatch(word -> word.contains("planted-5b1e"));
    assertThat(line.leftOut())
        .singleElement()
        .asString()
        .startsWith("registry.password is a secret and left out of this line; give the Job")
        .endsWith("containerized.master.env.KAISEKI_REGISTRY_PASSWORD");
  }

  @Test
  void the_token_in_the_headers_of_traces_is_left_to_the_variable_that_their_sdk_reads() {
    CommandFixture ran =
        print(
            "--target=kubernetes",
            "--set=job.checkpoints=s3://bucket/kaiseki",
            "--set=otel.exporter.otlp.endpoint=https://traces:4317",
            "--set=otel.exporter.otlp.headers=authorization=Bearer planted-5b1e",
            "--set=otel.exporter.otlp.traces.headers=x-api=planted-77c0");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("# otel.exporter.otlp.headers is a secret and left out of this line; give")
        .contains("containerized.master.env.OTEL_EXPORTER_OTLP_HEADERS")
        .contains("containerized.master.env.OTEL_EXPORTER_OTLP_TRACES_HEADERS")
        .contains("-s otel.exporter.otlp.endpoint=https://traces:4317")
        .doesNotContain("planted-5b1e", "planted-77c0", "KAISEKI_OTEL");
  }

  @Test
  void a_cluster_wants_checkpoints_that_all_its_machines_share() {
    CommandFixture ran = print("--target=kubernetes");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("job.checkpoints: missing; on a cluster, name a directory or an object store");
  }

  @Test
  void a_model_on_other_machines_has_an_absolute_path() {
    CommandFixture ran =
        print(
            "--target=kubernetes",
            "--set=job.checkpoints=s3://bucket/kaiseki",
            "--model=models/absent.gguf");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains(
            "--model = models/absent.gguf: not on this machine; name it by the absolute path");
  }

  @Test
  void other_targets_are_refused_with_those_that_there_are() {
    CommandFixture ran = print("--target=flink:nowhere");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--target = flink:nowhere: expected local, flink:HOST:PORT or kubernetes");
  }

  private static AnalysisOptions complete() {
    AnalysisOptions options = new AnalysisOptions();
    options.analysis = "ticket-triage";
    options.bootstrap = "localhost:9092";
    options.registry = "http://localhost:8081";
    options.model = "/models/model.gguf";
    options.settings.put("job.checkpoints", "s3://bucket/kaiseki");
    return options;
  }

  private static CommandFixture print(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "run",
                "ticket-triage",
                "--bootstrap=localhost:9092",
                "--registry=http://localhost:8081",
                "--print-submit"));
    all.addAll(List.of(arguments));
    if (all.stream().noneMatch(one -> one.startsWith("--model"))) {
      all.add("--model=/models/model.gguf");
    }
    return CommandFixture.run(all.toArray(String[]::new));
  }
}
