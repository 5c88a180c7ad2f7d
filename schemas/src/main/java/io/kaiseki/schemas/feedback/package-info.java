/**
 * How feedback names the parts of an answer, and how its values become parts of one. What feedback
 * is good for is left to those who read it.
 */
@NullMarked
package io.kaiseki.schemas.feedback;

import org.jspecify.annotations.NullMarked;
