/** {@code kaiseki desk}: options and settings into a desk that runs until it is stopped. */
@NullMarked
package io.kaiseki.desk.cli;

import org.jspecify.annotations.NullMarked;
