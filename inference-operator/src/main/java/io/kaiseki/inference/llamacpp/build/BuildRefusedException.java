package io.kaiseki.inference.llamacpp.build;

/** A build of llama.cpp can't be had or is not what it must be; the message says what to do. */
public final class BuildRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BuildRefusedException(String message) {
    super(message);
  }

  public BuildRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
