package io.kaiseki.pipelines.backfill;

import java.util.EnumMap;
import java.util.Map;

/** How far a backfill has come, at one moment. */
public record Counts(Map<Count, Long> values) {

  /** Before anything is done. */
  public static final Counts NONE = new Counts(Map.of());

  public Counts {
    EnumMap<Count, Long> all = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      all.put(count, values.getOrDefault(count, 0L));
    }
    values = Map.copyOf(all);
  }

  public long of(Count count) {
    return values.getOrDefault(count, 0L);
  }

  /** Documents with an outcome: a result, an earlier one, or a dead letter. */
  public long settled() {
    return of(Count.RESULTS) + of(Count.DEAD_LETTERS) + of(Count.SKIPPED);
  }

  /** Whether every document that was read has an outcome. */
  public boolean isSettled() {
    return settled() == of(Count.DOCUMENTS);
  }

  /** Tokens that the model has worked on. */
  public long tokens() {
    return of(Count.TOKENS_READ) + of(Count.TOKENS_REASONED) + of(Count.TOKENS_ANSWERED);
  }
}
