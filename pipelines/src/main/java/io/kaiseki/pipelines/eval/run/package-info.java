/**
 * Asks an analysis about labelled documents: a bounded Flink job in this process around the
 * operator that production runs. What comes back is not judged here.
 */
@NullMarked
package io.kaiseki.pipelines.eval.run;

import org.jspecify.annotations.NullMarked;
