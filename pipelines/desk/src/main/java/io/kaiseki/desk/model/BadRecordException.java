package io.kaiseki.desk.model;

/**
 * A record is not what its topic promises, and will not be when it is read again. The message holds
 * nothing of its content.
 */
public final class BadRecordException extends RuntimeException {

  public BadRecordException(String message) {
    super(message);
  }

  public BadRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
