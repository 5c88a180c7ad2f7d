package io.kaiseki.inference.gguf;

import java.util.List;

/**
 * The tokens of a byte-level BPE, as a file holds them.
 *
 * @param tokens by number
 * @param types by number
 * @param merges in order of rank
 */
record TokenTable(List<String> tokens, List<TokenType> types, List<String> merges) {}
