package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingSourcesTest {

  @Test
  void a_list_of_words_is_what_an_option_says_with_commas_between() {
    SettingSources sources = new SettingSources(Map.of()).yaml("a: {b: [one, 2]}", "test");

    assertThat(sources.settings().get("a.b").given()).isEqualTo("one,2");
  }

  @Test
  void a_second_document_in_a_file_is_not_passed_over() {
    SettingSources sources =
        new SettingSources(Map.of())
            .yaml("---\njob.name: one\n---\njob.parallelism: 2\n", "kaiseki.yaml");

    assertThat(sources.problems())
        .singleElement()
        .asString()
        .startsWith("--config = kaiseki.yaml: more than one YAML document at line ")
        .endsWith("; put all into one, without lines of --- between");
  }

  @Test
  void one_document_may_have_marks_around_it_or_hold_nothing() {
    SettingSources marked = new SettingSources(Map.of()).yaml("---\njob.name: one\n...\n", "one");
    SettingSources empty = new SettingSources(Map.of()).yaml("# nothing yet\n", "empty");

    assertThat(marked.problems()).isEmpty();
    assertThat(marked.settings()).containsOnlyKeys("job.name");
    assertThat(empty.problems()).isEmpty();
  }

  @Test
  void a_list_that_holds_more_than_words_loses_nothing() {
    SettingSources sources =
        new SettingSources(Map.of())
            .yaml("masking: {values: [email, {name: customer, pattern: 'C-[0-9]{6}'}]}", "test");

    assertThat(sources.settings().get("masking.values").given())
        .isEqualTo("[\"email\",{\"name\":\"customer\",\"pattern\":\"C-[0-9]{6}\"}]");
  }

  @Test
  void the_word_off_in_a_file_turns_off_what_it_turns_off_as_an_option() {
    SettingSources sources =
        new SettingSources(Map.of())
            .yaml("metrics.port: off\nreasoning: {policy: off}", "kaiseki.yaml");
    List<ConfigurationProblem> problems = new ArrayList<>();

    assertThat(
            new TelemetrySettingsReader(sources.settings(), problems).read("test", "1").metrics())
        .isEmpty();
    assertThat(problems).isEmpty();
    assertThat(sources.settings().get("reasoning.policy").given()).isEqualTo("off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false", "True"})
  void a_boolean_in_a_file_is_still_one(String written) {
    SettingSources sources = new SettingSources(Map.of()).yaml("ordered: " + written, "test");

    assertThat(ValueForm.bool().read(sources.settings().get("ordered").given()))
        .contains(Boolean.valueOf(written));
  }

  @Test
  void a_reference_that_leads_nowhere_does_not_show_the_secret_beside_it() {
    SettingSources sources =
        new SettingSources(Map.of())
            .yaml("kafka.sasl.jaas.config: 'user=${env:NOT_SET} password=planted-7c0d'", "test")
            .option("job.name", "${env:NOT_SET}-shadow", "job.name");
    List<ConfigurationProblem> problems = new ArrayList<>();

    assertThat(sources.settings().values())
        .allSatisfy(setting -> assertThat(setting.value(problems)).isEmpty());
    assertThat(sources.settings().toString()).doesNotContain("planted-7c0d");
    assertThat(problems)
        .extracting(ConfigurationProblem::toString)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("kafka.sasl.jaas.config = (redacted)")
                    .contains("NOT_SET"))
        .anySatisfy(problem -> assertThat(problem).startsWith("job.name = ${env:NOT_SET}-shadow"))
        .noneSatisfy(problem -> assertThat(problem).contains("planted-7c0d"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry: {user: a, password: @planted-7c0d}",
        "registry: {user: a, password: %planted-7c0d}",
        "registry: {user: a, password: `planted-7c0d}",
        "registry: {user: a, password: !planted-7c0d!x}",
        "registry: {user: a, password: \"\\Uplanted-7c0d\"}",
        "registry: {user: a, password: 'planted-7c0d}"
      })
  void a_mistake_in_yaml_is_told_with_its_place_and_without_the_secret_that_stands_there(
      String yaml) {
    SettingSources sources = new SettingSources(Map.of()).yaml(yaml, "kaiseki.yaml");

    assertThat(sources.problems())
        .singleElement()
        .asString()
        .startsWith("--config = kaiseki.yaml: not valid YAML at line 1, column ")
        .doesNotContain("plant");
  }
}
