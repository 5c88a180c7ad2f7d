package io.kaiseki.inference;

/**
 * What an engine is, as it goes into the provenance of every result.
 *
 * @param engine kind of engine, such as {@code llama.cpp}
 * @param build the engine's own build, such as {@code b4916} or {@code llama.cpp v0.5.0
 *     (node-llama-cpp 3.22.1), cpu haswell}
 * @param model name of the model, usually its file name
 * @param modelSha256 SHA-256 of the model file in lower-case hex; empty where it is not known, as
 *     of most servers
 * @param slots completions that run at the same time
 * @param contextTokens KV cells that prompts and answers share, in tokens
 */
public record EngineDescription(
    String engine, String build, String model, String modelSha256, int slots, int contextTokens) {

  /** The kind of engine that asks an OpenAI-compatible server. */
  public static final String OPENAI = "openai";

  /** Whether the model runs in another process, behind HTTP. */
  public boolean remote() {
    return engine.equals(OPENAI);
  }
}
