/** What was measured: medians, the ceiling, equality of answers, a table, JSON and a plot. */
@NullMarked
package io.kaiseki.pipelines.bench.report;

import org.jspecify.annotations.NullMarked;
