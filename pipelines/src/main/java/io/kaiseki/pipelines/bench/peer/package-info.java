/**
 * The process that runs java-llama.cpp's own {@code LlamaModel}. It is a process of its own because
 * that class leaks its model and can bring a JVM down. The only package that names its classes.
 */
@NullMarked
package io.kaiseki.pipelines.bench.peer;

import org.jspecify.annotations.NullMarked;
