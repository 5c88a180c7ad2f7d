package io.kaiseki.inference;

import java.time.Duration;

/**
 * Where the time of a request went.
 *
 * @param queued from submission to admission into a slot
 * @param timeToFirstToken from submission to the first sampled or forced token of output
 * @param total from submission to completion
 */
public record Timings(Duration queued, Duration timeToFirstToken, Duration total) {}
