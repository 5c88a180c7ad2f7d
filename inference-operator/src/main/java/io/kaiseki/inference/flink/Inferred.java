package io.kaiseki.inference.flink;

import io.kaiseki.inference.EngineDescription;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.telemetry.TraceContext;
import java.util.Objects;

/**
 * A document and how its analysis ended.
 *
 * <p>Strings inside an answer are {@link CharSequence}s: once a record has crossed the network they
 * are Avro's own {@code Utf8}.
 *
 * @param <T> type of the document
 * @param <O> {@link Outcome.Answered} or {@link Outcome.Failed} where a stream holds only one kind
 * @param input the document as it entered the operator
 * @param outcome how it ended
 * @param attempts how often the engine was asked; 0 where the document never reached it
 * @param engine what answered, for provenance
 * @param trace where the span of the document stands, for those who continue its trace
 */
public record Inferred<T, O extends Outcome>(
    T input, O outcome, int attempts, EngineDescription engine, TraceContext trace) {

  public Inferred {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(trace, "trace");
  }

  /** A document that belongs to no trace. */
  public Inferred(T input, O outcome, int attempts, EngineDescription engine) {
    this(input, outcome, attempts, engine, TraceContext.NONE);
  }

  /** The same document with its outcome seen as a narrower kind. */
  <P extends Outcome> Inferred<T, P> withOutcome(P narrowed) {
    return new Inferred<>(input, narrowed, attempts, engine, trace);
  }
}
