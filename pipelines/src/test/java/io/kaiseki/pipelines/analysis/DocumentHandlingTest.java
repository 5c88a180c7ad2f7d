package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskedValue;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.config.SettingSources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentHandlingTest {

  @TempDir Path directory;
  private FolderFixture folder;

  @BeforeEach
  void write_a_valid_folder() {
    folder = new FolderFixture(directory);
  }

  @Test
  void without_settings_long_documents_are_refused_nothing_is_masked_and_reasoning_is_kept() {
    assertThat(folder.load().handling()).isEqualTo(DocumentHandling.DEFAULT);
  }

  @Test
  void every_setting_arrives() {
    folder.settings(
        """
        long-documents: truncate
        reasoning: {output: drop}
        masking:
          values:
            - email
            - phone
            - {name: customer, pattern: 'C-[0-9]{4}'}
          phone-region: de
          unmask-quotes: true
        """);

    DocumentHandling handling = folder.load().handling();

    assertThat(handling)
        .isEqualTo(
            new DocumentHandling(
                LongDocuments.TRUNCATE,
                new MaskingPolicy(
                    List.of(
                        MaskedValue.Known.EMAIL,
                        MaskedValue.Known.PHONE,
                        new MaskedValue.Custom("customer", "C-[0-9]{4}")),
                    "DE",
                    true),
                false));
    assertThat(folder.load().toAnalysis().masking()).isEqualTo(handling.masking());
    assertThat(folder.load().toAnalysis().longDocuments()).isEqualTo(LongDocuments.TRUNCATE);
  }

  @Test
  void an_option_names_the_masked_kinds_with_commas_between() {
    AnalysisDefinition analysis =
        folder.load(
            AnalysisOverrides.none()
                .withText(AnalysisKeys.MASKING_VALUES, "email, iban", "masking.values"));

    assertThat(analysis.handling().masking().values())
        .containsExactly(MaskedValue.Known.EMAIL, MaskedValue.Known.IBAN);
  }

  @Test
  void a_file_of_settings_names_own_patterns_beside_the_kinds() {
    Setting given =
        new SettingSources(Map.of())
            .yaml("masking: {values: [email, {name: customer, pattern: 'C-[0-9]{6}'}]}", "test")
            .settings()
            .get("masking.values");

    AnalysisDefinition analysis =
        folder.load(AnalysisOverrides.none().with(AnalysisKeys.MASKING_VALUES, given));

    assertThat(analysis.handling().masking().values())
        .containsExactly(MaskedValue.Known.EMAIL, new MaskedValue.Custom("customer", "C-[0-9]{6}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "long-documents: shorten           | long-documents    | shorten | refuse, truncate, split",
        "reasoning: {output: own-topic}    | reasoning.output  | own-topic | keep, drop",
        "masking: {values: [emial]}        | masking.values[0] | emial   | did you mean email?",
        "masking: {values: [card, card]}   | masking.values[1] | card    | on the list already",
        "masking: {values: [[card]]}       | masking.values[0] |         | expected one of email",
        "masking: {values: [{name: own}]}  | masking.values[0] |         | {name: ..., pattern: ...}",
        "masking: {values: [{name: card, pattern: x}]} | masking.values[0].name | card | none of email",
        "masking: {values: [{name: own, pattern: (a}]} | masking.values[0].pattern | (a | RE2",
        "masking: {values: [{name: own, pattern: a*}]} | masking.values[0].pattern | a* | empty text",
        "masking: {values: [{name: own, pattern: a, colour: b}]} | masking.values[0].colour | | unknown key",
        "masking: {values: {email: true}}  | masking.values    |         | found a section",
        "masking: {values: [phone], phone-region: XX} | masking.phone-region | XX | ISO 3166",
        "masking: {unmask-quotes: true}    | masking.unmask-quotes | true | no effect without",
      })
  void a_wrong_setting_is_told_with_its_key_its_value_and_the_remedy(
      String setting, String key, String value, String remedy) {
    folder.settings(setting + "\n");

    List<ConfigurationProblem> problems =
        catchThrowableOfType(ConfigurationException.class, () -> folder.load()).problems();

    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.key()).isEqualTo(key);
              assertThat(problem.value()).isEqualTo(value == null ? "" : value);
              assertThat(problem.remedy()).contains(remedy);
            });
  }

  @Test
  void what_the_model_is_shown_is_part_of_the_version_and_what_is_done_with_its_thoughts_is_not() {
    String before = folder.load().version();
    String refusing = folder.settings("long-documents: refuse\n").load().version();
    String silent = folder.settings("reasoning: {output: drop}\n").load().version();
    String splitting = folder.settings("long-documents: split\n").load().version();
    String masking = folder.settings("masking: {values: [email]}\n").load().version();
    String unmasking =
        folder.settings("masking: {values: [email], unmask-quotes: true}\n").load().version();

    assertThat(refusing).isEqualTo(before);
    assertThat(silent).isEqualTo(before);
    assertThat(List.of(before, splitting, masking, unmasking)).doesNotHaveDuplicates();
  }
}
