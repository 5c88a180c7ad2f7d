package io.kaiseki.inference;

/** Why a document has no result. The names go into dead letters and metrics, so they are stable. */
public enum FailureReason {
  /** The bytes are no document: bad magic byte, truncated, not decodable. */
  UNDECODABLE(false),
  /** The registry does not know the schema that the bytes name. */
  SCHEMA_UNKNOWN(false),
  /** Prompt, reasoning budget and answer can never fit into the context. */
  TOO_LONG(false),
  /** The deadline passed before the answer was complete. */
  DEADLINE(false),
  /** The engine failed while it worked on the document. */
  ENGINE_FAULT(true),
  /** A remote model's answers broke the contract each time that it was asked. */
  INVALID_ANSWER(false),
  /** A policy of the analysis refuses the document. */
  REFUSED(false),
  /** The document brought the process down more than once. */
  POISON(false),
  /** The engine was closed or the request cancelled; the document itself is not at fault. */
  CANCELLED(false);

  private final boolean retryable;

  FailureReason(boolean retryable) {
    this.retryable = retryable;
  }

  /** Whether the same request may succeed when it is tried again. */
  public boolean retryable() {
    return retryable;
  }
}
