/**
 * Puts labels and outcomes together: what a run got right, field by field and document by document,
 * against an earlier run, and against other reasoning policies.
 */
@NullMarked
package io.kaiseki.pipelines.eval.score;

import org.jspecify.annotations.NullMarked;
