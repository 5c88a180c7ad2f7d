/**
 * The demo: the streaming job on embedded services, fed with sample tickets, hostile and broken
 * ones among them, and a count of what came out. Benchmarks and tests take their tickets from here
 * too.
 */
@NullMarked
package io.kaiseki.pipelines.demo;

import org.jspecify.annotations.NullMarked;
