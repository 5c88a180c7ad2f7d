package io.kaiseki.inference;

/** How a completion ended. */
public enum FinishReason {
  /** The answer is complete; reasoning, if any, ended by itself. */
  COMPLETE,
  /** The answer is complete, but its reasoning was closed by the budget. */
  REASONING_BUDGET
}
