package io.kaiseki.pipelines.backfill.archive;

/** A row or file is no document. The message holds nothing of its content. */
final class UnreadableException extends Exception {

  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message);
  }

  /** The message for a dead letter. */
  String text() {
    return String.valueOf(getMessage());
  }
}
