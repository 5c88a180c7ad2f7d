package io.kaiseki.pipelines.bench.peer;

import java.util.List;

/**
 * Every further line that the process reads: prompts to answer, as many at a time as it has slots.
 */
public record PeerRequest(List<String> prompts) {}
