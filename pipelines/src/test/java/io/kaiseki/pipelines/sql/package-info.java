/** Flink SQL over Kafka, on the SQL that the README shows. */
@NullMarked
package io.kaiseki.pipelines.sql;

import org.jspecify.annotations.NullMarked;
