package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.databind.JsonNode;

/** What OpenAI's words for reasoning effort mean here, in tokens. */
final class ReasoningEffort {

  private static final int LOW = 256;
  private static final int MEDIUM = 1_024;
  private static final int HIGH = 4_096;

  private ReasoningEffort() {}

  /** Most tokens of reasoning; none where the client does not ask for any. */
  static int budget(JsonNode effort) {
    if (effort.isMissingNode() || effort.isNull()) {
      return 0;
    }
    return switch (effort.asText()) {
      case "none", "minimal" -> 0;
      case "low" -> LOW;
      case "medium" -> MEDIUM;
      case "high" -> HIGH;
      default -> throw ApiException.wrong("reasoning_effort", "must be none, low, medium or high");
    };
  }
}
