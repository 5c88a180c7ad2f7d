/**
 * Dead letters on their topic: {@link io.kaiseki.pipelines.deadletters.LetterReader} reads them,
 * {@link io.kaiseki.pipelines.deadletters.LetterCounts} counts them, {@link
 * io.kaiseki.pipelines.deadletters.Redriver} sends their records back. How a job writes them is not
 * decided here.
 */
@NullMarked
package io.kaiseki.pipelines.deadletters;

import org.jspecify.annotations.NullMarked;
