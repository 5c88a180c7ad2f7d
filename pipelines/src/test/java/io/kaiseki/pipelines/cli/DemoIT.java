package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a person starts it, with services of its own and the model that ships. */
class DemoIT {

  @TempDir Path directory;

  @Test
  void every_ticket_comes_out_once_and_the_report_adds_up() throws Exception {
    Path report = directory.resolve("out.json");

    CommandFixture ran =
        CommandFixture.run("demo", "--documents=40", "--exit", "--rate=100", "--report=" + report);

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).contains("Every document came out exactly once");
    JsonNode json = JsonMapper.builder().build().readTree(report.toFile());
    assertThat(json.get("documents").asInt()).isEqualTo(40);
    assertThat(json.get("results").asInt() + json.get("deadLetters").asInt()).isEqualTo(40);
    assertThat(json.get("deadLetters").asInt()).isEqualTo(2);
    assertThat(json.get("duplicates").asInt()).isZero();
    assertThat(json.get("docsPerSecond").asDouble()).isPositive();
    assertThat(json.get("tokens").get("answer").asInt()).isPositive();
    assertThat(json.get("seconds").fieldNames())
        .toIterable()
        .containsExactly("broker", "registry", "model", "topicsAndSchemas", "job", "documents");
  }
}
