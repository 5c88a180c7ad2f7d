/** Puts a desk together, starts it in order and ends it in order. */
@NullMarked
package io.kaiseki.desk.run;

import org.jspecify.annotations.NullMarked;
