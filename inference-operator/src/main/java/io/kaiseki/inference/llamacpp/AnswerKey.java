package io.kaiseki.inference.llamacpp;

import java.nio.ByteBuffer;

/**
 * What makes two requests to one engine the same question: all of the analysis, and the document's
 * text. The model and its settings are the engine's own.
 *
 * @param digest SHA-256 of both, so that neither is kept: an analysis may be as long as a document
 */
record AnswerKey(ByteBuffer digest) {

  /** About what a key takes, and its place in a map. */
  static final int BYTES = 200;

  /**
   * @param analysis its {@linkplain AnalysisDigests digest}
   * @param document the document's text
   */
  static AnswerKey of(ByteBuffer analysis, String document) {
    return new AnswerKey(new TextDigest().add(analysis).add(document).end());
  }
}
