package io.kaiseki.inference.flink;

import io.kaiseki.inference.EngineUnavailableException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The engine can't be started with its settings, so the job can't run. Flink fails the job at once,
 * whatever its restart strategy: starting over would meet the same missing file or the same small
 * memory.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class InferenceUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InferenceUnavailableException(String operator, EngineUnavailableException cause) {
    super("The engine of operator '" + operator + "' can't start: " + cause.getMessage(), cause);
  }
}
