/**
 * Analyses as they stand on disk: a folder with {@code analysis.yaml}, {@code instructions.md} and
 * {@code result.avsc}, and with a {@code calibration.yaml} where {@code kaiseki eval} has left one.
 * {@link io.kaiseki.pipelines.analysis.Analyses} loads them and reports every problem at once;
 * nothing here knows of topics' contents, of Flink or of a running engine.
 */
@NullMarked
package io.kaiseki.pipelines.analysis;

import org.jspecify.annotations.NullMarked;
