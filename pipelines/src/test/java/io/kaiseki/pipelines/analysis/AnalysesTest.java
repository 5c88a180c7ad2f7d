package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalysesTest {

  @TempDir Path directory;
  private FolderFixture folder;

  @BeforeEach
  void write_a_valid_folder() {
    folder = new FolderFixture(directory);
  }

  @Test
  void what_is_not_given_has_its_default() {
    AnalysisDefinition analysis = folder.load();

    assertThat(analysis.name()).isEqualTo("letters");
    assertThat(analysis.title()).isEqualTo("letters");
    assertThat(analysis.instructions()).isEqualTo("Say whether the letter is a complaint.");
    assertThat(analysis.resultSchema().getFullName()).isEqualTo("test.Letter");
    assertThat(analysis.topics())
        .isEqualTo(new AnalysisTopics("letters", "letters.read", "letters.dead"));
    assertThat(analysis.reasoning()).isEqualTo(ReasoningPolicy.OFF);
    assertThat(analysis.limits().deadline()).isEqualTo(Duration.ofMinutes(2));
    assertThat(analysis.limits().documentCharacters()).isEmpty();
    assertThat(analysis.ordered()).isFalse();
    assertThat(analysis.model().file()).isEmpty();
  }

  @Test
  void the_defaults_of_the_model_are_those_of_the_engine() throws IOException {
    Path model = Files.createFile(directory.resolve("m.gguf"));

    AnalysisDefinition analysis =
        folder.load(
            AnalysisOverrides.none().with(AnalysisKeys.MODEL_FILE, model.toString(), "--model"));

    assertThat(analysis.toLlamaCppSettings()).isEqualTo(LlamaCppSettings.of(model.toString()));
  }

  @Test
  void every_setting_that_is_given_arrives() throws IOException {
    Files.createFile(folder.path().resolve("small.gguf"));
    Files.createFile(folder.path().resolve("libllama.so"));
    folder.settings(
        """
        name: post-room
        title: Post room
        description: Reads letters.
        model:
          file: small.gguf
          sha256: ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789
          slots: 3
          context-tokens: 4096
          batch-tokens: 256
          threads: 2
          library: libllama.so
          answer-cache: 50
        reasoning:
          policy: always
          budget: 700
        limits:
          deadline: 1500ms
          document-characters: 20000
        ordered: true
        """);

    AnalysisDefinition analysis = folder.load();

    assertThat(analysis.name()).isEqualTo("post-room");
    assertThat(analysis.title()).isEqualTo("Post room");
    assertThat(analysis.description()).isEqualTo("Reads letters.");
    assertThat(analysis.toLlamaCppSettings())
        .isEqualTo(
            new LlamaCppSettings(
                folder.path().resolve("small.gguf").toString(),
                "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789",
                3,
                4096,
                256,
                2,
                folder.path().resolve("libllama.so").toString(),
                50));
    assertThat(analysis.reasoning()).isEqualTo(new ReasoningPolicy.Always(700));
    assertThat(analysis.limits().deadline()).isEqualTo(Duration.ofMillis(1500));
    assertThat(analysis.limits().documentCharacters()).hasValue(20_000);
    assertThat(analysis.ordered()).isTrue();
    assertThat(analysis.toAnalysis().name()).isEqualTo("post-room");
    assertThat(analysis.toAnalysis().version()).isEqualTo(analysis.version());
  }

  @Test
  void an_option_takes_the_place_of_the_files_setting_even_of_a_wrong_one() {
    folder.settings("model: {slots: many}\nlimits: {deadline: 5s}\n");

    AnalysisDefinition analysis =
        folder.load(
            AnalysisOverrides.none()
                .with(AnalysisKeys.MODEL_SLOTS, 2, "--slots")
                .with(AnalysisKeys.LIMIT_DEADLINE, Duration.ofSeconds(90), "--deadline"));

    assertThat(analysis.model().slots()).isEqualTo(2);
    assertThat(analysis.limits().deadline()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void an_analysis_without_a_model_can_be_looked_at_but_not_run() {
    AnalysisDefinition analysis = folder.load();

    assertThatThrownBy(analysis::toLlamaCppSettings)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("model.file")
        .hasMessageContaining("--model FILE");
    assertThatThrownBy(() -> Analyses.loadToRun(folder.path().toString(), AnalysisOverrides.none()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("model.file: missing");
  }

  @Test
  void a_misspelt_built_in_is_recognised() {
    assertThatThrownBy(() -> Analyses.load("ticket-triag", AnalysisOverrides.none()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "analysis = ticket-triag: neither a folder nor built in; did you mean ticket-triage?");
  }

  @Test
  void an_unknown_name_lists_what_is_built_in() {
    assertThatThrownBy(() -> Analyses.load("\0nowhere", AnalysisOverrides.none()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("built in: document-insight, ticket-triage");
  }
}
