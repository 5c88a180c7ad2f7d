package io.kaiseki.schemas.registry;

/**
 * The registry did not answer, or answered that it can't just now: a timeout, a refused or reset
 * connection, a 5xx or 429 status. The record at hand is not at fault and must not be given up;
 * whoever catches this waits and asks again.
 */
public final class RegistryUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
