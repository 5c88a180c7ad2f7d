/**
 * Which documents have a result already, in few bytes for each: read from the results topic before
 * a backfill begins, once transactions that would hide some of them have ended.
 */
@NullMarked
package io.kaiseki.pipelines.backfill.done;

import org.jspecify.annotations.NullMarked;
