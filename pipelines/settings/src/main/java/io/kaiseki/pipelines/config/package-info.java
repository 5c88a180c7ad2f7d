/**
 * How a job is connected and run: settings from options, the environment and a file, checked
 * together. What is wrong is told all at once, each problem with its key, its value and the remedy;
 * {@link io.kaiseki.pipelines.config.CommandErrors} is how commands tell of errors.
 */
@NullMarked
package io.kaiseki.pipelines.config;

import org.jspecify.annotations.NullMarked;
