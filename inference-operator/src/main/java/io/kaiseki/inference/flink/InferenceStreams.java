package io.kaiseki.inference.flink;

import io.kaiseki.inference.Outcome;
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
    DataStream<Inferred<T, Outcome.Failed>> failed) {}
