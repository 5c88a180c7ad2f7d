/**
 * Models in Flink SQL: {@code CREATE MODEL … WITH ('provider' = 'kaiseki')} and {@code ML_PREDICT}.
 * {@link io.kaiseki.inference.sql.KaisekiModelProviderFactory} is what Flink finds, {@link
 * io.kaiseki.inference.sql.SqlModelOptions} what a user may set. Columns become a contract here,
 * and answers become rows; everything between is that of the operator.
 */
@NullMarked
package io.kaiseki.inference.sql;

import org.jspecify.annotations.NullMarked;
