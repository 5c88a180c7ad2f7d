package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.openai.OpenAiSettings;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.config.SettingSources;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Analyses whose model servers have, alone or after one on this machine. */
class RemoteModelTest {

  @TempDir private Path directory;
  private FolderFixture folder;

  @BeforeEach
  void writeFolder() {
    folder = new FolderFixture(directory);
  }

  @Test
  void a_model_may_be_named_by_the_servers_that_have_it() throws Exception {
    Files.writeString(directory.resolve("key"), "s3cret\n");
    AnalysisDefinition analysis =
        folder
            .settings(
                """
                model:
                  endpoint: [http://a:8642, https://b/v1]
                  name: DeepSeek-R1
                  api-key: ${file:%s}
                  slots: 3
                """
                    .formatted(directory.resolve("key")))
            .load();

    OpenAiSettings remote = analysis.model().remote().orElseThrow();
    assertThat(remote.endpoints())
        .containsExactly(URI.create("http://a:8642"), URI.create("https://b/v1"));
    assertThat(remote.model()).isEqualTo("DeepSeek-R1");
    assertThat(remote.key()).satisfies(key -> assertThat(key.reveal()).isEqualTo("s3cret"));
    assertThat(remote.slots()).isEqualTo(3);
    assertThat(analysis.toString()).doesNotContain("s3cret");
  }

  @Test
  void a_second_model_is_asked_under_a_threshold() {
    AnalysisDefinition analysis =
        folder
            .settings(
                """
                cascade:
                  endpoint: https://api.example.com
                  name: big
                  threshold: 0.75
                """)
            .load();

    CascadeSettings cascade = analysis.model().cascade().orElseThrow();
    assertThat(cascade.threshold()).isEqualTo(0.75);
    assertThat(cascade.remote().slots()).isEqualTo(OpenAiSettings.DEFAULT_SLOTS);
    assertThat(analysis.model().remote()).isEmpty();
  }

  @Test
  void all_mistakes_are_reported_together_and_no_key_is_shown() {
    assertThat(
            problems(
                """
                model:
                  file: x.gguf
                  endpoint: ftp://a
                  api-key: "two words"
                cascade:
                  endpoint: http://me:pw@b
                  api-key: ${env:NO_SUCH_VARIABLE_HERE}
                long-documents: split
                """))
        .extracting(ConfigurationProblem::key)
        .contains(
            "model.file",
            "model.endpoint",
            "model.name",
            "model.api-key",
            "cascade.endpoint",
            "cascade.name",
            "cascade.api-key",
            "cascade.threshold",
            "long-documents");
    assertThat(problems("model: {endpoint: 'http://me:pw@b', name: m, api-key: 'two words'}"))
        .extracting(ConfigurationProblem::toString)
        .noneMatch(problem -> problem.contains("pw") || problem.contains("two words"));
  }

  @Test
  void what_needs_an_endpoint_is_refused_without_one() {
    assertThat(problems("model: {name: m, api-key: k}\ncascade: {threshold: 0.5}"))
        .extracting(ConfigurationProblem::toString)
        .containsExactlyInAnyOrder(
            "model.name: has no effect without model.endpoint; name a server there, or remove it",
            "model.api-key: has no effect without model.endpoint; name a server there, or remove"
                + " it",
            "cascade.threshold: has no effect without cascade.endpoint; name a server there, or"
                + " remove it");
  }

  @Test
  void who_needs_no_model_needs_no_key() {
    folder.settings(
        """
        model: {endpoint: 'http://a', name: m, api-key: '${env:NO_SUCH_VARIABLE_HERE}'}
        cascade:
          endpoint: http://b
          name: big
          api-key: ${env:NO_SUCH_VARIABLE_HERE}
          threshold: 0.5
        """);

    AnalysisDefinition analysis =
        Analyses.loadWithoutModel(folder.path().toString(), AnalysisOverrides.none());

    assertThat(analysis.topics().deadLetters()).isEqualTo("letters.dead");
    assertThatThrownBy(() -> folder.load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("model.api-key")
        .hasMessageContaining("cascade.api-key");
  }

  @Test
  void a_key_among_the_settings_is_looked_up_by_those_who_need_it_only() {
    AnalysisOverrides key =
        AnalysisOverrides.none()
            .with(
                AnalysisKeys.MODEL_REMOTE.apiKey(),
                setting("model.api-key: '${env:NOT_SET}-planted'"));
    folder.settings("model: {endpoint: 'http://a', name: m}\n");

    AnalysisDefinition analysis = Analyses.loadWithoutModel(folder.path().toString(), key);

    assertThat(analysis.topics().deadLetters()).isEqualTo("letters.dead");
    assertThatThrownBy(() -> folder.load(key))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("model.api-key = (redacted): the environment has no variable NOT_SET; set it");
  }

  @Test
  void a_server_that_is_not_found_out_is_one_problem_and_its_other_settings_are_none() {
    AnalysisOverrides endpoint =
        AnalysisOverrides.none()
            .with(AnalysisKeys.MODEL_ENDPOINT, setting("model.endpoint: '${env:NOT_SET}'"));
    folder.settings("model: {name: m, api-key: k}\n");

    assertThatThrownBy(() -> folder.load(endpoint))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "model.endpoint = ${env:NOT_SET}: the environment has no variable NOT_SET; set it");
  }

  @Test
  void a_file_as_option_takes_the_place_of_the_servers() throws Exception {
    Path file = Files.createFile(directory.resolve("m.gguf"));
    AnalysisOverrides option =
        AnalysisOverrides.none().with(AnalysisKeys.MODEL_FILE, file.toString(), "--model");
    folder.settings(
        """
        model: {endpoint: 'http://a', name: m, api-key: '${env:NO_SUCH_VARIABLE_HERE}', max-tokens: 9}
        long-documents: split
        """);

    ModelSettings model = folder.load(option).model();

    assertThat(model.file()).contains(file.toAbsolutePath());
    assertThat(model.remote()).isEmpty();
    assertThatThrownBy(
            () -> folder.load(option.with(AnalysisKeys.MODEL_NAME, "m", "-s model.name")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("-s model.name: has no effect without model.endpoint");
  }

  @Test
  void servers_as_options_take_the_place_of_the_file() {
    AnalysisOverrides options =
        AnalysisOverrides.none()
            .with(AnalysisKeys.MODEL_ENDPOINT, "http://a", "-s model.endpoint")
            .with(AnalysisKeys.MODEL_NAME, "m", "-s model.name");
    folder.settings("model: {file: not-here.gguf}\n");

    ModelSettings model = folder.load(options).model();

    assertThat(model.file()).isEmpty();
    assertThat(model.remote())
        .hasValueSatisfying(
            remote -> assertThat(remote.endpoints()).containsExactly(URI.create("http://a")));
    assertThatThrownBy(
            () -> folder.load(options.with(AnalysisKeys.MODEL_FILE, "x.gguf", "--model")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("can't be used together with -s model.endpoint");
  }

  private static Setting setting(String yaml) {
    return new SettingSources(Map.of())
        .yaml(yaml, "kaiseki.yaml")
        .settings()
        .values()
        .iterator()
        .next();
  }

  private List<ConfigurationProblem> problems(String settings) {
    folder.settings(settings);
    ConfigurationException[] caught = new ConfigurationException[1];
    assertThatThrownBy(() -> folder.load())
        .isInstanceOfSatisfying(ConfigurationException.class, e -> caught[0] = e);
    return caught[0].problems();
  }
}
