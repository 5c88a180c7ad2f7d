package io.kaiseki.pipelines.analysis;

/**
 * The topics of an analysis; three different ones.
 *
 * @param documents where documents are read from
 * @param results where results are written to
 * @param deadLetters where documents go that have no result
 */
public record AnalysisTopics(String documents, String results, String deadLetters) {}
