package io.kaiseki.inference;

import java.time.Duration;
import java.util.Objects;

/**
 * That an answer is a second engine's, because the first was unsure of its own. The usage and the
 * confidences of the completion are those of the second engine alone.
 *
 * @param answeredBy the second engine
 * @param usage tokens that the first engine took
 * @param total time that the first engine took
 * @param leastConfidence probability of the first engine's least sure label
 */
public record Escalation(
    EngineDescription answeredBy, TokenUsage usage, Duration total, double leastConfidence) {

  public Escalation {
    Objects.requireNonNull(answeredBy, "answeredBy");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(total, "total");
  }

  /** Of two parts of one document. */
  public Escalation and(Escalation other) {
    return new Escalation(
        answeredBy,
        usage.plus(other.usage),
        total.compareTo(other.total) > 0 ? total : other.total,
        Math.min(leastConfidence, other.leastConfidence));
  }
}
