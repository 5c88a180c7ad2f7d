package io.kaiseki.pipelines.bench.peer;

import org.jspecify.annotations.Nullable;

/**
 * The first line that the process reads: how its model is run.
 *
 * @param modelFile the GGUF file
 * @param threads compute threads
 * @param slots requests at the same time
 * @param contextTokens KV cells of all slots together
 * @param batchTokens most tokens in one call of the model
 * @param maxAnswerTokens most tokens of an answer
 * @param reasoningTokens most tokens of reasoning in front of it; 0 for none
 * @param endOfReasoning what closes the reasoning
 * @param warmUp what every slot answers before the process is ready; null for nothing
 */
public record PeerSettings(
    String modelFile,
    int threads,
    int slots,
    int contextTokens,
    int batchTokens,
    int maxAnswerTokens,
    int reasoningTokens,
    String endOfReasoning,
    @Nullable PeerQuestion warmUp) {}
