/**
 * An archive as a bounded Flink source (FLIP-27). Its files stand in a list that is written once,
 * so that a run which goes on later sees the same ones; each is a split, whose state is the number
 * of entries that have been given on, and how the file was then.
 */
@NullMarked
package io.kaiseki.pipelines.backfill.source;

import org.jspecify.annotations.NullMarked;
