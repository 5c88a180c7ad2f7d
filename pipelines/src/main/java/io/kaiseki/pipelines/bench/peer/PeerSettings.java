package io.kaiseki.pipelines.bench.peer;

/**
 * The first line that the process reads: how its model is run.
 *
 * @param modelFile the GGUF file
 * @param threads compute threads
 * @param slots requests at the same time
 * @param contextTokens KV cells of all slots together
 * @param batchTokens most tokens in one call of the model
 * @param grammar GBNF grammar of an answer
 * @param maxAnswerTokens most tokens of an answer
 * @param reasoningTokens most tokens of reasoning in front of it; 0 for none
 * @param endOfReasoning what closes the reasoning
 * @param warmUp prompt that every slot reads before the process is ready; empty for none
 */
public record PeerSettings(
    String modelFile,
    int threads,
    int slots,
    int contextTokens,
    int batchTokens,
    String grammar,
    int maxAnswerTokens,
    int reasoningTokens,
    String endOfReasoning,
    String warmUp) {}
