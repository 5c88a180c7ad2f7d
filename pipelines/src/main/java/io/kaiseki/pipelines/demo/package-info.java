/**
 * What the demo and the tests of the pipeline are fed with: sample tickets, hostile and broken ones
 * among them.
 */
@NullMarked
package io.kaiseki.pipelines.demo;

import org.jspecify.annotations.NullMarked;
