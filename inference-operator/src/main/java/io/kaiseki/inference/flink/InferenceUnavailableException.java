package io.kaiseki.inference.flink;

import io.kaiseki.inference.EngineUnavailableException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The engine can't be started with its settings, or can run nothing with them any more, so the job
 * can't run. Flink fails the job at once, whatever its restart strategy: starting over would meet
 * the same missing file, the same small memory or the same refusal.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class InferenceUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InferenceUnavailableException(String operator, EngineUnavailableException cause) {
    super("The engine of operator '" + operator + "' can't start: " + cause.getMessage(), cause);
  }

  /** Of an engine that has started. */
  InferenceUnavailableException(EngineUnavailableException cause) {
    super("The engine can't go on: " + cause.getMessage(), cause);
  }
}
