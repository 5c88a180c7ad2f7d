package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.prompt.R1Prompt;
import java.util.List;
import java.util.stream.Collectors;

/** The engine's prompt as text, for what takes text. */
final class PromptText {

  private PromptText() {}

  /** The whole prompt with R1's markers, up to where the model begins to write. */
  static String marked(Analysis analysis, String document) {
    return text(R1Prompt.prefix(analysis))
        + document
        + text(R1Prompt.suffix(analysis))
        + text(
            analysis.reasoning() instanceof ReasoningPolicy.Off
                ? R1Prompt.noReasoning()
                : R1Prompt.startOfReasoning());
  }

  /** What closes the reasoning. */
  static String endOfReasoning() {
    return text(R1Prompt.endOfReasoning());
  }

  private static String text(List<R1Prompt.Piece> pieces) {
    return pieces.stream().map(R1Prompt.Piece::text).collect(Collectors.joining());
  }
}
