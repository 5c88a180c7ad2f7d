/**
 * Figures of merit as pure functions: they know judgements and spans, and nothing of models, files
 * or jobs. Each names the paper or the formula that it follows.
 */
@NullMarked
package io.kaiseki.pipelines.eval.metrics;

import org.jspecify.annotations.NullMarked;
