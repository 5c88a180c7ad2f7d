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

  ReasoningPolicy OFF = new Off();

  /** The most reasoning tokens that a document may take under this policy. */
  default int maxTokens() {
    return this instanceof Always always ? always.budget() : 0;
  }
}
