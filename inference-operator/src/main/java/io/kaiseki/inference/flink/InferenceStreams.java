package io.kaiseki.inference.flink;

import io.kaiseki.inference.Outcome;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * The two ends of an analysis. Every document that enters {@link AsyncInference#apply} comes out of
 * exactly one of them, once.
 *
 * @param <T> type of the document
 * @param answered documents with an answer that is valid under the analysis' contract
 * @param failed documents without one; a job sends them to its dead letters. This is a side output
 *     of the operator that emits {@code answered}
 */
public record InferenceStreams<T>(
    DataStream<Inferred<T, Outcome.Answered>> answered,
    DataStream<Inferred<T, Outcome.Failed>> failed) {

  /**
   * The answers alone, as records of the class that Avro generates from the contract's schema.
   * Where the document is wanted as well, map {@link #answered} with {@link
   * io.kaiseki.inference.Completion#answerAs}.
   *
   * @param type a generated class, of the schema that the analysis has or one that its answers
   *     resolve to
   */
  public <R extends SpecificRecord> DataStream<R> answers(Class<R> type) {
    return answered
        .map(document -> document.outcome().completion().answerAs(type))
        .returns(GeneratedRecordTypeInfo.forClass(type))
        .name("answers as " + type.getSimpleName());
  }
}
