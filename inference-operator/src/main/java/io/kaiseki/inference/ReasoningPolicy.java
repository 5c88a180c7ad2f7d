package io.kaiseki.inference;

import java.io.Serializable;

/** How much a model may think before it answers. */
public sealed interface ReasoningPolicy extends Serializable {

  /** Answers at once: the prompt closes the thinking that R1's chat format opens. */
  record Off() implements ReasoningPolicy {}

  /**
   * Thinks about every document.
   *
   * @param budget most tokens of reasoning; past them the close is forced; at least 1
   */
  record Always(int budget) implements ReasoningPolicy {
    public Always {
      if (budget < 1) {
        throw new IllegalArgumentException("reasoning budget must be at least 1, but is " + budget);
      }
    }
  }

  /**
   * Answers without thinking first, and thinks only about documents of which the answer is unsure:
   * where the least confident closed field is under the threshold, the answer is given up and the
   * model thinks and answers again. A completion has reasoning where that happened.
   *
   * @param threshold probability, over 0 and at most 1
   * @param budget most tokens of reasoning; at least 1
   */
  record WhenUnsure(double threshold, int budget) implements ReasoningPolicy {
    public WhenUnsure {
      if (!(threshold > 0 && threshold <= 1)) {
        throw new IllegalArgumentException(
            "reasoning threshold must be over 0 and at most 1, but is " + threshold);
      }
      if (budget < 1) {
        throw new IllegalArgumentException("reasoning budget must be at least 1, but is " + budget);
      }
    }
  }

  ReasoningPolicy OFF = new Off();

  /** The policy in one word with its numbers, such as {@code always(256)}; stable. */
  default String describe() {
    if (this instanceof Always always) {
      return "always(" + always.budget() + ")";
    }
    return this instanceof WhenUnsure whenUnsure
        ? "when-unsure(" + whenUnsure.threshold() + "," + whenUnsure.budget() + ")"
        : "off";
  }

  /** The most reasoning tokens that a document may take under this policy. */
  default int maxTokens() {
    if (this instanceof Always always) {
      return always.budget();
    }
    return this instanceof WhenUnsure whenUnsure ? whenUnsure.budget() : 0;
  }
}
