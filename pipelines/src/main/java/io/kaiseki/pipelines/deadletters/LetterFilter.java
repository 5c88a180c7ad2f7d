package io.kaiseki.pipelines.deadletters;

import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters are meant.
 *
 * @param analysis name of the analysis that gave the document up; empty for any, since a topic may
 *     serve several
 * @param reasons reasons that count; empty for all
 * @param since earliest moment at which the document was given up; empty for any
 */
public record LetterFilter(
    Optional<String> analysis, Set<DeadLetterReason> reasons, Optional<Instant> since) {

  public LetterFilter {
    reasons = reasons.isEmpty() ? EnumSet.allOf(DeadLetterReason.class) : EnumSet.copyOf(reasons);
  }

  /** All letters of the topic. */
  public static LetterFilter all() {
    return new LetterFilter(Optional.empty(), Set.of(), Optional.empty());
  }

  /** Whether a letter is meant. */
  public boolean admits(DeadLetter letter) {
    return analysis.map(letter.getAnalysis()::equals).orElse(true)
        && reasons.contains(letter.getReason())
        && since.map(earliest -> !letter.getFailedAt().isBefore(earliest)).orElse(true);
  }
}
