package io.kaiseki.pipelines.routing;

import java.io.Serializable;

/**
 * A rule: results for which the condition holds go to the topic as well.
 *
 * @param when condition over {@code answer}, {@code confidence} and {@code leastConfidence}
 * @param topic topic that they go to
 */
public record Route(String when, String topic) implements Serializable {}
