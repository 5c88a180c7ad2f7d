/**
 * What must hold when things break, for the whole job against a real broker, a real registry and
 * the real engine: seen by an independent {@code read_committed} consumer, every record of the
 * documents topic ends exactly once in results or dead letters.
 */
@NullMarked
package io.kaiseki.pipelines.faults;

import org.jspecify.annotations.NullMarked;
