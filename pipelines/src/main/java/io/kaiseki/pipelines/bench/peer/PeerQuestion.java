package io.kaiseki.pipelines.bench.peer;

/**
 * What the model is asked.
 *
 * @param prompt the whole prompt, with R1's markers
 * @param grammar GBNF grammar of its answer
 */
public record PeerQuestion(String prompt, String grammar) {}
