package io.kaiseki.inference.flink;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.EngineSource;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.telemetry.DocumentTrace;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.util.function.SerializableFunction;

/**
 * What travels in the job graph to every subtask.
 *
 * @param trace the span of a document
 * @param capacity most documents that a subtask holds
 * @param deadline time that a document has, all attempts and the engine's queue included
 * @param grace how long after the deadline the operator waits for the engine's account of it
 * @param maxAttempts how often a document may be given to the engine; at least 1
 * @param backoff pause between two attempts
 */
record InferenceOptions<T>(
    Analysis analysis,
    EngineSource engine,
    SerializableFunction<? super T, String> documentId,
    SerializableFunction<? super T, String> text,
    SerializableFunction<? super T, Lane> lane,
    SerializableFunction<? super T, DocumentTrace> trace,
    int capacity,
    Duration deadline,
    Duration grace,
    int maxAttempts,
    Duration backoff)
    implements Serializable {}
