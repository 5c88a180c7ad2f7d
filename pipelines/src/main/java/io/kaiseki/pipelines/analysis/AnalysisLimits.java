package io.kaiseki.pipelines.analysis;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What one document may take.
 *
 * @param deadline from reading a document to its result
 * @param documentCharacters longest document, in UTF-16 characters; empty where only the model's
 *     context limits it
 */
public record AnalysisLimits(Duration deadline, OptionalInt documentCharacters) {}
