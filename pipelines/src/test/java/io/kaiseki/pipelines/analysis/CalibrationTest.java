package io.kaiseki.pipelines.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.config.ConfigurationException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has been measured decides, until somebody takes it away or says otherwise. */
class CalibrationTest {

  @TempDir Path directory;
  private FolderFixture folder;

  @BeforeEach
  void anAnalysisThatThinksAlways() {
    folder = new FolderFixture(directory).settings("reasoning: {policy: always, budget: 400}\n");
  }

  @Test
  void every_policy_that_is_written_is_read_back_and_takes_the_place_of_the_setting() {
    for (ReasoningPolicy policy :
        List.of(
            ReasoningPolicy.OFF,
            new ReasoningPolicy.Always(64),
            new ReasoningPolicy.WhenUnsure(0.7, 128))) {
      folder.write(Calibration.FILE, calibration(policy).toYaml());

      assertThat(folder.load().reasoning()).isEqualTo(policy);
    }
  }

  @Test
  void without_the_file_the_settings_decide_again() {
    folder.write(Calibration.FILE, calibration(ReasoningPolicy.OFF).toYaml());
    folder.delete(Calibration.FILE);

    assertThat(folder.load().reasoning()).isEqualTo(new ReasoningPolicy.Always(400));
  }

  @Test
  void the_version_is_that_of_the_policy_whichever_file_it_stands_in() {
    String always = folder.load().version();
    folder.write(Calibration.FILE, calibration(new ReasoningPolicy.WhenUnsure(0.7, 128)).toYaml());
    String calibrated = folder.load().version();
    folder.delete(Calibration.FILE);
    folder.settings("reasoning: {policy: when-unsure, threshold: 0.7, budget: 128}\n");

    assertThat(calibrated).isNotEqualTo(always).isEqualTo(folder.load().version());
  }

  @Test
  void an_option_still_wins() {
    folder.write(Calibration.FILE, calibration(new ReasoningPolicy.WhenUnsure(0.7, 128)).toYaml());

    assertThat(
            folder
                .load(
                    AnalysisOverrides.none()
                        .with(AnalysisKeys.REASONING_THRESHOLD, 0.9, "reasoning.threshold"))
                .reasoning())
        .isEqualTo(new ReasoningPolicy.WhenUnsure(0.9, 128));
  }

  @Test
  void an_option_may_name_a_policy_that_needs_less() {
    folder.write(Calibration.FILE, calibration(new ReasoningPolicy.WhenUnsure(0.7, 128)).toYaml());

    assertThat(folder.load(policy(AnalysisKeys.REASONING_OFF)).reasoning())
        .isEqualTo(ReasoningPolicy.OFF);
    assertThat(folder.load(policy(AnalysisKeys.REASONING_ALWAYS)).reasoning())
        .isEqualTo(new ReasoningPolicy.Always(128));

    folder.delete(Calibration.FILE);
    assertThat(folder.load(policy(AnalysisKeys.REASONING_OFF)).reasoning())
        .isEqualTo(ReasoningPolicy.OFF);
  }

  @Test
  void an_option_that_has_no_effect_is_still_a_mistake() {
    AnalysisOverrides both =
        policy(AnalysisKeys.REASONING_OFF)
            .with(AnalysisKeys.REASONING_BUDGET, 64, "-s reasoning.budget");

    assertThatThrownBy(() -> folder.load(both))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("-s reasoning.budget = 64: has no effect");
  }

  @Test
  void a_person_finds_in_it_what_it_rests_on() {
    assertThat(calibration(new ReasoningPolicy.WhenUnsure(0.7, 128)).toYaml())
        .startsWith("# Written by kaiseki eval")
        .contains("policy: when-unsure", "threshold: 0.7", "budget: 128")
        .contains("labels: mails.csv", "documents: 300", "accuracy: 0.9123", "date: 2026-01-31")
        .contains("model-sha256: ab12", "second-model: big", "analysis-version: cd34")
        .contains(
            "topic:",
            "ece: 0.081",
            "temperature: 1.457",
            "ece-scaled: 0.0234",
            "ece-calibrated: 0.0123");
  }

  @Test
  void mistakes_in_it_are_told_by_its_name() {
    folder.write(
        Calibration.FILE,
        """
        reasoning:
          policy: when-unsure
          threshold: 7
          budgett: 3
        model: {slots: 4}
        """);

    assertThatThrownBy(() -> folder.load())
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .extracting(Object::toString)
                    .anyMatch(text -> text.startsWith("calibration.yaml reasoning.threshold = 7"))
                    .anyMatch(
                        text ->
                            text.startsWith("calibration.yaml reasoning.budgett: unknown key")
                                && text.contains("reasoning.budget?"))
                    .anyMatch(text -> text.startsWith("calibration.yaml model: unknown key")));
  }

  @Test
  void a_file_without_a_policy_is_a_mistake() {
    folder.write(Calibration.FILE, "measured: {documents: 3}\n");

    assertThatThrownBy(() -> folder.load())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("calibration.yaml reasoning.policy: missing");
  }

  private static AnalysisOverrides policy(String policy) {
    return AnalysisOverrides.none()
        .with(AnalysisKeys.REASONING_POLICY, policy, "-s reasoning.policy");
  }

  private static Calibration calibration(ReasoningPolicy policy) {
    return new Calibration(
        policy,
        new Calibration.Measured(
            "mails.csv",
            300,
            0.91234,
            0.9,
            41.26,
            LocalDate.of(2026, 1, 31),
            "model.gguf",
            "ab12",
            Optional.of("big"),
            "cd34",
            Map.of(
                "topic",
                new Calibration.Trust(
                    0.91234,
                    OptionalDouble.of(0.081),
                    OptionalDouble.of(1.4567),
                    OptionalDouble.of(0.0234),
                    OptionalDouble.of(0.0123)))));
  }
}
