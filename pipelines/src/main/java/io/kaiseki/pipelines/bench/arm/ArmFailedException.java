package io.kaiseki.pipelines.bench.arm;

/** An arm can't go on. The bench reports the message and goes on with the other arms. */
public final class ArmFailedException extends RuntimeException {

  public ArmFailedException(String message) {
    super(message);
  }

  public ArmFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
