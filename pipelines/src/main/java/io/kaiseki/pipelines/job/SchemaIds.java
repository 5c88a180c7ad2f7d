package io.kaiseki.pipelines.job;

import java.io.Serializable;

/**
 * Ids, in the registry, of the schemas that the job writes. They are looked up once, before the job
 * is submitted, so that its subtasks never register anything.
 *
 * @param results of the result envelope
 * @param deadLetters of the dead letter
 */
public record SchemaIds(int results, int deadLetters) implements Serializable {}
