/**
 * A real Kafka broker and a real schema registry on the loopback interface, for the demo and for
 * tests. Neither is meant to hold data that matters: one node, no replication, no authentication.
 */
@NullMarked
package io.kaiseki.pipelines.embedded;

import org.jspecify.annotations.NullMarked;
