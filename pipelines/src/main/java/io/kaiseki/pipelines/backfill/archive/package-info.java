/**
 * Documents in files: which files an archive holds, and how each format gives documents. What can't
 * be read is told as an entry of its own, never as an exception, so that one broken row costs one
 * row. Nothing here knows of Flink or Kafka.
 */
@NullMarked
package io.kaiseki.pipelines.backfill.archive;

import org.jspecify.annotations.NullMarked;
