package io.kaiseki.pipelines.bench.report;

import io.kaiseki.pipelines.bench.arm.ArmKind;
import io.kaiseki.pipelines.bench.arm.Pass;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An arm with a number of slots.
 *
 * @param passes its passes, in the order of the rounds; perhaps none
 * @param failure why it was taken out; empty if it was not
 */
public record ArmMeasurement(ArmKind kind, int slots, List<Pass> passes, Optional<String> failure) {

  public ArmMeasurement {
    passes = List.copyOf(passes);
  }

  /**
   * Mean length of an answer of the first pass, in characters; empty without a pass. Where arms
   * write answers of different length, as models with made-up weights do, so does their work.
   */
  public OptionalDouble answerCharacters() {
    return passes.stream()
        .limit(1)
        .flatMap(pass -> pass.answers().stream())
        .filter(Objects::nonNull)
        .mapToInt(answer -> answer.toString().length())
        .average();
  }
}
