package io.kaiseki.pipelines.eval.score;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.TokenUsage;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Tokens of one document by phase, as means over the documents that were answered.
 *
 * @param prefix the shared instructions; read once for all documents
 * @param document the document and the end of the prompt
 * @param reasoning thoughts
 * @param answer the answer, forced tokens included
 * @param forced of those, the ones that the contract left no choice about
 * @param thought the part of the documents that the model thought about
 */
public record Usage(
    double prefix,
    double document,
    double reasoning,
    double answer,
    double forced,
    double thought) {

  static Usage of(List<Completion> completions) {
    return new Usage(
        mean(completions, TokenUsage::prefix),
        mean(completions, TokenUsage::document),
        mean(completions, TokenUsage::reasoning),
        mean(completions, TokenUsage::answer),
        mean(completions, TokenUsage::forced),
        completions.stream()
            .mapToInt(completion -> completion.reasoning() == null ? 0 : 1)
            .average()
            .orElse(0));
  }

  /** Tokens that the model computes for one document more: all but the shared instructions. */
  public double computed() {
    return document + reasoning + answer;
  }

  private static double mean(List<Completion> completions, ToIntFunction<TokenUsage> phase) {
    return completions.stream().map(Completion::usage).mapToInt(phase).average().orElse(0);
  }
}
