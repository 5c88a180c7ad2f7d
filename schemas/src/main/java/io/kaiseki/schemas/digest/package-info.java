/**
 * What stands for a text or for bytes without holding them. Such values lie in topics, in the files
 * of runs and in browsers, so the same bytes always have to give the same one.
 */
@NullMarked
package io.kaiseki.schemas.digest;

import org.jspecify.annotations.NullMarked;
