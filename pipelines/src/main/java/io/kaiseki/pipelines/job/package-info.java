/**
 * The job of an analysis: documents through the inference operator to results and dead letters.
 * {@link io.kaiseki.pipelines.job.AnalysisJob} builds it, {@link io.kaiseki.pipelines.job.JobInput}
 * is where its documents come from, {@link io.kaiseki.pipelines.job.JobRun} runs it in this
 * process. Before, {@link io.kaiseki.pipelines.job.Readiness} says whether it can run, and {@link
 * io.kaiseki.pipelines.job.JobStart} whether a document would be lost or done twice by it.
 */
@NullMarked
package io.kaiseki.pipelines.job;

import org.jspecify.annotations.NullMarked;
