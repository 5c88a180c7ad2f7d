package io.kaiseki.inference;

import java.util.Objects;

/** How a request ended; one per request. */
public sealed interface Outcome {

  /** The model answered within its contract. */
  record Answered(Completion completion) implements Outcome {
    public Answered {
      Objects.requireNonNull(completion, "completion");
    }
  }

  /**
   * There is no answer.
   *
   * @param reason the class of failure
   * @param message what happened, the setting or limit that caused it, and what to do; it never
   *     holds document text
   */
  record Failed(FailureReason reason, String message) implements Outcome {
    public Failed {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(message, "message");
    }
  }
}
