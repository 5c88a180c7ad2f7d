/**
 * How a cluster is spoken to, whatever its topics hold: clients, and the reading of a topic to
 * where it ends. What the records mean is told elsewhere.
 */
@NullMarked
package io.kaiseki.pipelines.kafka;

import org.jspecify.annotations.NullMarked;
