package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalysisProblemsTest {

  @TempDir Path directory;
  private FolderFixture folder;

  @BeforeEach
  void write_a_valid_folder() {
    folder = new FolderFixture(directory);
  }

  @Test
  void six_mistakes_in_one_folder_are_told_together() {
    folder
        .write(
            "analysis.yaml",
            """
            topics:
              documents: letters
              results: letters
            model:
              slots: many
              thraeds: 2
            limits:
              deadline: 2 fortnights
            """)
        .delete("instructions.md");

    assertThat(problems())
        .containsExactlyInAnyOrder(
            new ConfigurationProblem(
                "topics.dead-letters",
                "",
                "missing; expected a Kafka topic: letters, digits, '.', '_' and '-', 249 characters"
                    + " at most"),
            new ConfigurationProblem(
                "topics.results",
                "letters",
                "is also topics.documents; name three different topics"),
            new ConfigurationProblem(
                "model.slots", "many", "expected a whole number from 1 to 256"),
            new ConfigurationProblem(
                "model.thraeds", "", "unknown key; did you mean model.threads?"),
            new ConfigurationProblem(
                "limits.deadline",
                "2 fortnights",
                "expected a duration such as 500ms, 30s or 2m, from 100ms to 24h"),
            new ConfigurationProblem(
                "instructions.md",
                "",
                "missing in the folder of the analysis; it holds what the model shall do with a"
                    + " document"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model: {slots: 0}                   | model.slots     | 0      | from 1 to 256",
        "model: {slots: 2.5}                 | model.slots     | 2.5    | whole number",
        "model: {slots: [1, 2]}              | model.slots     |        | found a list",
        "model: {batch-tokens: 31}           | model.batch-tokens | 31  | from 32",
        "model: {sha256: cafe}               | model.sha256    | cafe   | 64 hexadecimal digits",
        "model: fast                         | model           | fast   | a section with model.file",
        "reasoning: {policy: sometimes}      | reasoning.policy | sometimes | off, always",
        "reasoning: {policy: always}         | reasoning.budget |       | missing",
        "reasoning: {policy: off, budget: 9} | reasoning.budget | 9     | no effect while",
        "reasoning: {policy: when-unsure, budget: 9} | reasoning.threshold | | missing",
        "reasoning: {policy: when-unsure, budget: 9, threshold: 2} | reasoning.threshold | 2 | at most 1",
        "limits: {deadline: 25h}             | limits.deadline | 25h    | to 24h",
        "limits: {deadline: 120}             | limits.deadline | 120    | such as 500ms",
        "ordered: maybe                      | ordered         | maybe  | true or false",
        "colour: red                         | colour          |        | unknown key; known here",
        "name: My Letters                    | name            | My Letters | lower-case letters",
      })
  void a_wrong_setting_is_told_with_its_key_its_value_and_the_remedy(
      String setting, String key, String value, String remedy) {
    folder.settings(setting + "\n");

    assertThat(problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.value()).isEqualTo(value == null ? "" : value);
              assertThat(problem.remedy()).contains(remedy);
            });
  }

  @Test
  void a_batch_larger_than_the_context_names_both_settings() {
    folder.settings("model: {context-tokens: 256}\n");

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                "model.batch-tokens",
                "512",
                "is more than model.context-tokens = 256; make the batch smaller or the context"
                    + " larger"));
  }

  @Test
  void a_model_that_is_not_there_is_told_with_every_place_looked_at() {
    folder.settings("model: {file: missing.gguf}\n");

    assertThat(problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.remedy())
                    .contains(folder.path().resolve("missing.gguf").toString())
                    .contains(Path.of("missing.gguf").toAbsolutePath().toString()));
  }

  @Test
  void a_wrong_option_is_told_by_the_name_of_the_option() {
    AnalysisOverrides options =
        AnalysisOverrides.none()
            .with(AnalysisKeys.MODEL_FILE, "missing.gguf", "--model")
            .with(AnalysisKeys.MODEL_SLOTS, -1, "--slots");

    assertThat(problems(options))
        .extracting(ConfigurationProblem::key)
        .containsExactly("--model", "--slots");
  }

  @Test
  void broken_yaml_is_told_with_its_line() {
    folder.write("analysis.yaml", "topics:\n  documents: [letters\n");

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                "analysis.yaml",
                "",
                "not valid YAML at line 2, column 22: while parsing a flow sequence; expected ',' or"
                    + " ']', but got <stream end>"));
  }

  @Test
  void a_key_that_stands_twice_is_refused() {
    folder.settings("ordered: true\nordered: false\n");

    assertThat(problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.remedy()).contains("ordered"));
  }

  @Test
  void empty_instructions_are_refused() {
    folder.write("instructions.md", " \n\t\n");

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem(
                "instructions.md", "", "empty; say what the model shall do with a document"));
  }

  @Test
  void instructions_in_another_encoding_are_refused() throws IOException {
    Files.write(folder.path().resolve("instructions.md"), new byte[] {'a', (byte) 0xE9, 'b'});

    assertThat(problems())
        .containsExactly(
            new ConfigurationProblem("instructions.md", "", "not UTF-8; save it as UTF-8"));
  }

  @Test
  void a_schema_that_avro_cannot_parse_is_refused() {
    folder.write("result.avsc", "{\"type\": \"record\", \"name\": \"Letter\"}");

    assertThat(problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo("result.avsc");
              assertThat(problem.remedy()).startsWith("not an Avro schema: ");
            });
  }

  @Test
  void an_empty_folder_is_told_file_by_file() {
    folder.delete("analysis.yaml").delete("instructions.md").delete("result.avsc");

    assertThat(problems())
        .extracting(ConfigurationProblem::key)
        .containsExactly("analysis.yaml", "instructions.md", "result.avsc");
  }

  private List<ConfigurationProblem> problems() {
    return problems(AnalysisOverrides.none());
  }

  private List<ConfigurationProblem> problems(AnalysisOverrides overrides) {
    return catchThrowableOfType(ConfigurationException.class, () -> folder.load(overrides))
        .problems();
  }
}
