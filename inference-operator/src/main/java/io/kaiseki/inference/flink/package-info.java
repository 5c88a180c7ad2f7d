/**
 * The async operator that puts an {@link io.kaiseki.inference.InferenceEngine engine} into a Flink
 * job. {@link io.kaiseki.inference.flink.AsyncInference} is what a job calls, {@link
 * io.kaiseki.inference.flink.Inferred} what it gets, and {@link
 * io.kaiseki.inference.flink.InferenceMetrics} what it can watch. Retries, deadlines and metrics
 * live here; models, prompts and tokens do not.
 */
@NullMarked
package io.kaiseki.inference.flink;

import org.jspecify.annotations.NullMarked;
