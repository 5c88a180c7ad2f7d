/**
 * Measures what a machine can do with a model, through the very engine that jobs use, and holds it
 * against what the machine's own rates would allow.
 */
@NullMarked
package io.kaiseki.pipelines.bench;

import org.jspecify.annotations.NullMarked;
