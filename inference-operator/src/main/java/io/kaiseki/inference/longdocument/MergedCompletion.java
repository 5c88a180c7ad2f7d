package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.Escalation;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * What a merged answer took: tokens are the sum over all requests, the first of them tells when
 * work began, and reasoning stands part by part.
 */
final class MergedCompletion {

  private final MergedAnswer merged;
  private final int chunks;
  private final List<Completion> completions = new ArrayList<>();
  private final List<String> reasoning = new ArrayList<>();

  MergedCompletion(MergedAnswer merged, int chunks) {
    this.merged = merged;
    this.chunks = chunks;
  }

  MergedAnswer merged() {
    return merged;
  }

  /**
   * Adds what a round of requests took.
   *
   * @param name what the round was about, as the headings of its reasoning say it
   */
  void add(String name, List<Completion> round) {
    completions.addAll(round);
    for (int i = 0; i < round.size(); i++) {
      String thoughts = round.get(i).reasoning();
      if (thoughts != null) {
        reasoning.add("[%s %d of %d]\n%s".formatted(name, i + 1, round.size(), thoughts));
      }
    }
  }

  /** The completion of the whole document. */
  Completion completion(long totalNanos) {
    return new Completion(
        merged.answer(),
        merged.confidences(),
        reasoning.isEmpty() ? null : String.join("\n\n", reasoning),
        usage(),
        completions.stream().anyMatch(of -> of.finishReason() == FinishReason.REASONING_BUDGET)
            ? FinishReason.REASONING_BUDGET
            : FinishReason.COMPLETE,
        new Timings(
            earliest(Timings::queued),
            earliest(Timings::timeToFirstToken),
            Duration.ofNanos(totalNanos)),
        completions.stream().allMatch(Completion::reused),
        new DocumentReading(chunks, false, Map.of()),
        completions.stream()
            .map(Completion::escalation)
            .filter(Objects::nonNull)
            .reduce(Escalation::and)
            .orElse(null));
  }

  private Duration earliest(Function<Timings, Duration> time) {
    return completions.stream()
        .map(of -> time.apply(of.timings()))
        .min(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private TokenUsage usage() {
    if (completions.stream().allMatch(Completion::reused)) {
      return TokenUsage.NONE;
    }
    return new TokenUsage(
        sum(TokenUsage::prefix),
        completions.stream().filter(of -> !of.reused()).allMatch(of -> of.usage().prefixReused()),
        sum(TokenUsage::document),
        sum(TokenUsage::reasoning),
        sum(TokenUsage::answer),
        sum(TokenUsage::forced));
  }

  private int sum(ToIntFunction<TokenUsage> tokens) {
    return completions.stream().map(Completion::usage).mapToInt(tokens).sum();
  }
}
