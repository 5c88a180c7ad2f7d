package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.eval.score.Runs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrontierOptionsTest {

  private final FrontierOptions options = new FrontierOptions();
  private final List<ConfigurationProblem> problems = new ArrayList<>();

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
