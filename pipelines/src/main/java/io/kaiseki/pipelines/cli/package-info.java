/**
 * The {@code kaiseki} command: reads options, calls the packages beside it, and tells a person what
 * came of it. What it does is decided elsewhere.
 */
@NullMarked
package io.kaiseki.pipelines.cli;

import org.jspecify.annotations.NullMarked;
