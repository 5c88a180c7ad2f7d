/**
 * Measures an analysis on labelled documents. {@code labels} reads them, {@code run} asks the
 * operator that production runs, {@code metrics} are pure functions, {@code score} judges, {@code
 * report} tells machines, terminals and people. Here is what puts these together.
 */
@NullMarked
package io.kaiseki.pipelines.eval;

import org.jspecify.annotations.NullMarked;
