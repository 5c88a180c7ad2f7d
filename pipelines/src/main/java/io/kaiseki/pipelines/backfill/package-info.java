/**
 * The backfill: an archive, or a stretch of a topic, goes through the job of an analysis, once.
 * {@link io.kaiseki.pipelines.backfill.Backfill} runs it; what it needs to go on after a crash lies
 * in its {@link io.kaiseki.pipelines.backfill.RunDirectory}. What an operator and the command share
 * while it runs is in {@link io.kaiseki.pipelines.backfill.RunScope}.
 */
@NullMarked
package io.kaiseki.pipelines.backfill;

import org.jspecify.annotations.NullMarked;
