package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.gguf.Architecture;
import io.kaiseki.inference.gguf.Hyperparameters;
import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.gguf.PreTokenizer;
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
    JsonNode report = measured("off", Installation.demoModel(), "-sreasoning.policy=off");

    assertThat(accuracy(report, "language")).isGreaterThan(0.9);
    assertThat(accuracy(report, "category")).isGreaterThan(0.86);
    assertThat(accuracy(report, "priority")).isGreaterThan(0.78);
    assertThat(report.at("/tokensPerDocument/reasoning").asDouble()).isZero();
  }

  @Test
  void it_answers_after_thinking_too() throws Exception {
    JsonNode report =
        measured(
            "always",
            Installation.demoModel(),
            "-sreasoning.policy=always",
            "-sreasoning.budget=96",
            "--limit=30");

    assertThat(report.at("/tokensPerDocument/reasoning").asDouble()).isGreaterThan(10);
    assertThat(accuracy(report, "category")).isGreaterThan(0.45);
  }

  @Test
  void it_means_the_same_inside_a_wide_model_in_four_bits_with_fewer_heads_for_keys()
      throws Exception {
    // Narrower than a published shape, which would take minutes; heads are as they have them.
    ModelShape shape =
        new ModelShape(
            "wide",
            "Wide",
            new Hyperparameters(
                Architecture.QWEN2, 131_072, 1024, 9, 1536, 8, 2, 128, 128, 10_000f, 1e-6f),
            PreTokenizer.DEEPSEEK_R1_QWEN,
            16_377,
            ModelShape.TINY.specialTokens(),
            16_384);
    Path wide = directory.resolve("wide.gguf");
    ModelMaker.widen(ModelFile.open(Installation.demoModel()), shape, wide, MakeOptions.defaults());

    JsonNode report = measured("wide", wide, "-sreasoning.policy=off", "--limit=30");

    assertThat(accuracy(report, "language")).isGreaterThan(0.9);
    assertThat(accuracy(report, "category")).isGreaterThan(0.86);
    assertThat(accuracy(report, "priority")).isGreaterThan(0.78);
  }

  private JsonNode measured(String name, Path model, String... options) throws Exception {
    Path file = directory.resolve(name + ".json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "eval",
                "ticket-triage",
                "--model=" + model,
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
