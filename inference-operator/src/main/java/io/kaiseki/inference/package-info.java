/**
 * What a user of the library calls: an {@link io.kaiseki.inference.InferenceEngine engine}, the
 * {@link io.kaiseki.inference.CompletionRequest requests} it takes and the {@link
 * io.kaiseki.inference.Outcome outcomes} it gives; {@link io.kaiseki.inference.ForwardingEngine} is
 * what an engine in front of another one extends. Nothing here knows of Flink, Kafka or native
 * memory.
 */
@NullMarked
package io.kaiseki.inference;

import org.jspecify.annotations.NullMarked;
