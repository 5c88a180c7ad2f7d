package io.kaiseki.pipelines.job;

import io.kaiseki.schemas.digest.Sha256;

/**
 * A document that is ready for the model. While the model works on it, it is part of the job's
 * state.
 *
 * @param source the record it came in, kept for a dead letter and for provenance
 * @param id id of the document
 * @param text what the model reads
 */
public record PreparedDocument(RawRecord source, String id, String text) {

  /**
   * SHA-256 of the text in UTF-8, in lower-case hex; computed anew at each call. A lone surrogate
   * counts as a question mark, as Java encodes it.
   */
  public String textSha256() {
    return Sha256.hex(text);
  }
}
