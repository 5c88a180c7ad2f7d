/**
 * The engine that asks servers which speak OpenAI's chat completions: vLLM, llama-server, a
 * provider's API, or another Kaiseki by {@code kaiseki serve}. The contract travels as a JSON
 * schema where the server takes one, and whatever comes back is held against it.
 */
@NullMarked
package io.kaiseki.inference.openai;

import org.jspecify.annotations.NullMarked;
