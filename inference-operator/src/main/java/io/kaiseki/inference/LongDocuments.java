package io.kaiseki.inference;

/** What becomes of a document that does not fit into the context with instructions and answer. */
public enum LongDocuments {
  /** It fails as {@link FailureReason#TOO_LONG}. The default: no answer rests on less than said. */
  REFUSE,
  /** The model reads as much of its beginning as fits; the answer says so. */
  TRUNCATE,
  /** It is cut into parts that fit, each is analysed, and the answers are merged into one. */
  SPLIT
}
