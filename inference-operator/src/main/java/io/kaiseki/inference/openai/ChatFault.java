package io.kaiseki.inference.openai;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why an exchange with a server gave no reply. */
sealed interface ChatFault {

  /**
   * Another try may succeed.
   *
   * @param message what happened, without document text
   * @param pause how long the server asks to be left alone; null where it does not say
   * @param sick whether the server is at fault, as opposed to busy
   */
  record Passing(String message, @Nullable Duration pause, boolean sick) implements ChatFault {}

  /**
   * The server serves nobody who asks it so, whatever the document: its key, its account or its
   * model is not in order.
   *
   * @param message what happened and what to do, without document text
   * @param forbids whether some servers refuse single documents in the same words
   */
  record Refusing(String message, boolean forbids) implements ChatFault {}

  /** Another try would end in the same way. */
  record Final(FailureReason reason, String message) implements ChatFault {

    Outcome.Failed outcome() {
      return new Outcome.Failed(reason, message);
    }
  }
}
