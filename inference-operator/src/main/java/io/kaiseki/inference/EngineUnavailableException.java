package io.kaiseki.inference;

/**
 * The engine can't be started with these settings, or can run nothing with them any more: a file is
 * missing or corrupt, a library unknown, memory too small, a key refused. Trying again does not
 * help; the message names the setting, its value and what to do.
 */
public final class EngineUnavailableException extends RuntimeException {

  public EngineUnavailableException(String message) {
    super(message);
  }

  public EngineUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
