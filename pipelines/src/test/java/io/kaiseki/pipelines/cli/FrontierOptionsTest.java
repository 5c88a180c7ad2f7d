package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.pipelines.analysis.Analyses;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.eval.EvalPlan.FrontierPlan;
import io.kaiseki.pipelines.eval.score.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontierOptionsTest {

  private final FrontierOptions options = new FrontierOptions();
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void a_new_measurement_has_the_budget_of_the_analysis_although_the_last_one_chose_off()
      throws IOException {
    for (String file : List.of("analysis.yaml", "instructions.md", "result.avsc")) {
      Files.copy(Path.of("analyses", "bank-intent").resolve(file), folder.resolve(file));
    }
    Files.writeString(folder.resolve("calibration.yaml"), "reasoning: {policy: off}\n");
    AnalysisOverrides name = AnalysisOverrides.none().with(AnalysisKeys.NAME, "banks", "name");
    AnalysisDefinition calibrated = Analyses.load(folder.toString(), name);

    FrontierPlan plan =
        options.plan(
            calibrated, Analyses.reasoningBudget(folder.toString()), Runs.labels("billing"));

    assertThat(calibrated.reasoning()).isEqualTo(ReasoningPolicy.OFF);
    assertThat(plan.policies()).contains(new ReasoningPolicy.Always(64));
  }

  @Test
  void a_field_that_is_out_of_scope_in_every_document_can_not_be_compared() {
    options.frontier = true;
    options.fields = List.of("topic", "channel");

    options.check(Runs.outOfScope("billing"), problems);

    assertThat(problems)
        .extracting(Object::toString)
        .singleElement()
        .asString()
        .startsWith("--field = channel: no closed field with labels; choose from topic");
  }
}
