/**
 * What a user of the library calls: an {@link io.kaiseki.inference.InferenceEngine engine}, the
 * {@link io.kaiseki.inference.CompletionRequest requests} it takes and the {@link
 * io.kaiseki.inference.Outcome outcomes} it gives. Nothing here knows of Flink, Kafka or native
 * memory.
 */
@NullMarked
package io.kaiseki.inference;

import org.jspecify.annotations.NullMarked;
