package io.kaiseki.pipelines.eval.report;

import io.kaiseki.pipelines.eval.score.Comparison;
import io.kaiseki.pipelines.eval.score.Evaluation;
import io.kaiseki.pipelines.eval.score.Frontier;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All that was measured.
 *
 * @param evaluation the analysis as it is; of several policies {@link Frontier#shown()}
 * @param costPerHour price of the machine for an hour; empty where unknown
 * @param comparison against an earlier run
 * @param frontier several policies, where those were asked for
 */
public record EvalReport(
    Evaluation evaluation,
    OptionalDouble costPerHour,
    Optional<Comparison> comparison,
    Optional<Frontier> frontier) {

  /** Price of one document on a machine that is never idle; empty where unknown. */
  public OptionalDouble costPerDocument() {
    return costPerDocument(evaluation);
  }

  /** As {@link #costPerDocument()}, of another run on the same machine. */
  public OptionalDouble costPerDocument(Evaluation run) {
    return costPerHour.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(costPerHour.getAsDouble() / (3600 * run.pass().documentsPerSecond()));
  }
}
