/** What is measured: analyses and documents. Nothing here runs a model. */
@NullMarked
package io.kaiseki.pipelines.bench.workload;

import org.jspecify.annotations.NullMarked;
