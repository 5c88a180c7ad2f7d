/**
 * What is wrong with a configuration, and how it is told: every problem at once, each with its key,
 * its value and the remedy.
 */
@NullMarked
package io.kaiseki.pipelines.config;

import org.jspecify.annotations.NullMarked;
