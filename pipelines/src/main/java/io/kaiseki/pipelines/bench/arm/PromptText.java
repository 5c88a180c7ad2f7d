package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.prompt.R1Prompt;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** The user's turn alone; a server puts its own markers around it. */
  static String plain(Analysis analysis, String document) {
    return Stream.of(
            R1Prompt.prefix(analysis),
            List.of(new R1Prompt.Piece(document, false)),
            R1Prompt.suffix(analysis))
        .flatMap(List::stream)
        .filter(piece -> !piece.marker())
        .map(R1Prompt.Piece::text)
        .collect(Collectors.joining());
  }

  private static String text(List<R1Prompt.Piece> pieces) {
    return pieces.stream().map(R1Prompt.Piece::text).collect(Collectors.joining());
  }
}
