package io.kaiseki.pipelines.bench.peer;

import java.util.List;

/**
 * Every further line that the process reads: questions to answer, as many at a time as it has
 * slots.
 */
public record PeerRequest(List<PeerQuestion> questions) {}
