package io.kaiseki.pipelines.eval.score;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.TokenUsage;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Tokens of one document by phase, as means over the documents that were answered. Of a document
 * that a second model answered, they are those of both models.
 *
 * @param prefix the shared instructions, as the first model has them; read once for all documents
 * @param document the document and the end of the prompt
 * @param reasoning thoughts
 * @param answer the answer, forced tokens included
 * @param forced of those, the ones that the contract left no choice about
 * @param thought the part of the documents that a model thought about
 * @param escalated the part of the documents that a second model answered
 */
public record Usage(
    double prefix,
    double document,
    double reasoning,
    double answer,
    double forced,
    double thought,
    double escalated) {

  static Usage of(List<Completion> completions) {
    return new Usage(
        completions.stream().mapToInt(Usage::prefix).average().orElse(0),
        mean(completions, TokenUsage::document),
        mean(completions, TokenUsage::reasoning),
        mean(completions, TokenUsage::answer),
        mean(completions, TokenUsage::forced),
        part(completions, Usage::thought),
        part(completions, completion -> completion.escalation() != null));
  }

  /** Tokens that the models compute for one document more: all but the shared instructions. */
  public double computed() {
    return document + reasoning + answer;
  }

  /** Whether a model thought, be it before an answer that was given up for a second model's. */
  static boolean thought(Completion completion) {
    Escalation escalation = completion.escalation();
    return completion.reasoning() != null
        || escalation != null && escalation.usage().reasoning() > 0;
  }

  private static int prefix(Completion completion) {
    return completion.usages().get(0).prefix();
  }

  private static double mean(List<Completion> completions, ToIntFunction<TokenUsage> phase) {
    return completions.stream()
        .mapToInt(completion -> completion.usages().stream().mapToInt(phase).sum())
        .average()
        .orElse(0);
  }

  private static double part(List<Completion> completions, Predicate<Completion> of) {
    return completions.stream()
        .mapToInt(completion -> of.test(completion) ? 1 : 0)
        .average()
        .orElse(0);
  }
}
