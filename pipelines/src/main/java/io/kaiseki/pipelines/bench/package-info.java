/**
 * Measures what a machine can do with a model: the engine and whatever it is compared with take
 * turns in one run, beside the machine's own rates. What is compared lives in {@code bench.arm},
 * what they work on in {@code bench.workload}, what comes out in {@code bench.report}.
 */
@NullMarked
package io.kaiseki.pipelines.bench;

import org.jspecify.annotations.NullMarked;
