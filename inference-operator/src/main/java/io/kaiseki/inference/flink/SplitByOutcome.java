package io.kaiseki.inference.flink;

import io.kaiseki.inference.Outcome;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Gives each kind of outcome a stream of its own: an async operator has no side outputs. */
final class SplitByOutcome<T>
    extends ProcessFunction<Inferred<T, Outcome>, Inferred<T, Outcome.Answered>> {

  private static final long serialVersionUID = 1L;

  private final OutputTag<Inferred<T, Outcome.Failed>> failed;

  SplitByOutcome(OutputTag<Inferred<T, Outcome.Failed>> failed) {
    this.failed = failed;
  }

  @Override
  public void processElement(
      Inferred<T, Outcome> inferred,
      Context context,
      Collector<Inferred<T, Outcome.Answered>> out) {
    Outcome outcome = inferred.outcome();
    if (outcome instanceof Outcome.Answered answer) {
      out.collect(inferred.withOutcome(answer));
    } else if (outcome instanceof Outcome.Failed failure) {
      context.output(failed, inferred.withOutcome(failure));
    }
  }
}
