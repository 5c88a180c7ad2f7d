package io.kaiseki.pipelines.analysis;

import io.kaiseki.pipelines.config.ValueForm;
import java.util.List;

/**
 * The settings of a model that servers have, under one section of {@code analysis.yaml}.
 *
 * @param endpoint addresses of the servers
 * @param name the model's name there
 * @param apiKey the key that they want
 * @param maxTokens most tokens of an answer
 * @param reasoningEffort what they are sent as reasoning effort
 */
record RemoteKeys(
    AnalysisKey<String> endpoint,
    AnalysisKey<String> name,
    AnalysisKey<String> apiKey,
    AnalysisKey<Integer> maxTokens,
    AnalysisKey<String> reasoningEffort) {

  /**
   * @param section the section, such as {@code model}
   * @param what what is found there, for the descriptions
   */
  static RemoteKeys under(String section, String what) {
    return new RemoteKeys(
        AnalysisKey.optional(
            section + ".endpoint",
            ValueForm.text(),
            "Address of a server that speaks OpenAI's chat completions and has "
                + what
                + "; or a list of them, which share the work."),
        AnalysisKey.optional(
            section + ".name",
            ValueForm.text(),
            "Name of " + what + " there; required with " + section + ".endpoint."),
        AnalysisKey.optional(
            section + ".api-key",
            ValueForm.text(),
            "Key that the servers want, best as ${env:NAME} or ${file:PATH}."),
        AnalysisKey.withDefault(
            section + ".max-tokens",
            ValueForm.integer(0, 1 << 20),
            0,
            "Most tokens of an answer of these servers; 0 derives them from the result schema. The"
                + " reasoning budget comes on top."),
        AnalysisKey.optional(
            section + ".reasoning-effort",
            ValueForm.oneOf("none", "minimal", "low", "medium", "high"),
            "Sent to these servers as reasoning_effort; kaiseki serve is sent the reasoning policy"
                + " instead."));
  }

  /** Those that mean nothing without an endpoint. */
  List<AnalysisKey<?>> others() {
    return List.of(name, apiKey, maxTokens, reasoningEffort);
  }
}
