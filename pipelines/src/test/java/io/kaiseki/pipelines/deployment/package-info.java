/**
 * The files in {@code docker/}: that they are what Compose, Kubernetes and Flink take, that their
 * memory is what the engine's arithmetic asks for, and that the image holds what a job needs.
 */
@NullMarked
package io.kaiseki.pipelines.deployment;

import org.jspecify.annotations.NullMarked;
