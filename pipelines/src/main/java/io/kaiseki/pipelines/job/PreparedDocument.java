package io.kaiseki.pipelines.job;

/**
 * A document that is ready for the model. While the model works on it, it is part of the job's
 * state.
 *
 * @param source the record it came in, kept for a dead letter and for provenance
 * @param id id of the document
 * @param text what the model reads
 */
public record PreparedDocument(RawRecord source, String id, String text) {}
