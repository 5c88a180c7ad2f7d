/**
 * The job of an analysis: documents through the inference operator to results and dead letters.
 * {@link io.kaiseki.pipelines.job.AnalysisJob} builds it, {@link io.kaiseki.pipelines.job.JobInput}
 * is where its documents come from, {@link io.kaiseki.pipelines.job.JobRun} runs it in this
 * process, {@link io.kaiseki.pipelines.job.Readiness} says beforehand whether it can run.
 */
@NullMarked
package io.kaiseki.pipelines.job;

import org.jspecify.annotations.NullMarked;
