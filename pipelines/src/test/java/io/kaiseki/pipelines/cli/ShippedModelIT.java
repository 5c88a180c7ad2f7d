package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.embedded.Installation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The model that ships, on tickets in phrasings that it was not trained on, through the operator
 * that production runs. The bounds are under what its card says.
 */
class ShippedModelIT {

  private static final int TICKETS = 60;

  @TempDir Path directory;

  @Test
  void it_answers_at_once_and_means_what_it_says() throws Exception {
    JsonNode report = measured("off", "-sreasoning.policy=off");

    assertThat(accuracy(report, "language")).isGreaterThan(0.9);
    assertThat(accuracy(report, "category")).isGreaterThan(0.86);
    assertThat(accuracy(report, "priority")).isGreaterThan(0.78);
    assertThat(report.at("/tokensPerDocument/reasoning").asDouble()).isZero();
  }

  @Test
  void it_answers_after_thinking_too() throws Exception {
    JsonNode report =
        measured("always", "-sreasoning.policy=always", "-sreasoning.budget=96", "--limit=30");

    assertThat(report.at("/tokensPerDocument/reasoning").asDouble()).isGreaterThan(10);
    assertThat(accuracy(report, "category")).isGreaterThan(0.45);
  }

  private JsonNode measured(String name, String... options) throws Exception {
    Path file = directory.resolve(name + ".json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "eval",
                "ticket-triage",
                "--model=" + Installation.demoModel(),
                "-smodel.library=shipped",
                "--labels=src/test/resources/demo-model/tickets.jsonl",
                "--id=id",
                "--report=" + file));
    arguments.addAll(List.of(options));
    CommandFixture ran = CommandFixture.run(arguments.toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    JsonNode report = JsonMapper.builder().build().readTree(file.toFile());
    assertThat(report.at("/answered").asInt()).isEqualTo(report.at("/documents").asInt());
    assertThat(report.at("/documents").asInt()).isBetween(TICKETS / 2, TICKETS);
    return report;
  }

  private static double accuracy(JsonNode report, String field) {
    return report.at("/fields/" + field + "/accuracy").asDouble();
  }
}
