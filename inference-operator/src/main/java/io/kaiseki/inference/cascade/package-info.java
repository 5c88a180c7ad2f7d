/**
 * Two engines as one: the first answers every document, and the second those of which the first is
 * unsure. It knows engines by their interface only.
 */
@NullMarked
package io.kaiseki.inference.cascade;

import org.jspecify.annotations.NullMarked;
