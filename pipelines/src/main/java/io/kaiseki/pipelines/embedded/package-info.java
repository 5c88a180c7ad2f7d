/**
 * A real Kafka broker, a real schema registry and a desk on the loopback interface, for the demo
 * and for tests. None is meant to hold data that matters: one node, no replication, no
 * authentication.
 */
@NullMarked
package io.kaiseki.pipelines.embedded;

import org.jspecify.annotations.NullMarked;
