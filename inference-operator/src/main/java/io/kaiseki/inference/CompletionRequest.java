package io.kaiseki.inference;

import java.time.Instant;
import java.util.Objects;

/**
 * One document to be analysed.
 *
 * @param id the document's id, for logs and provenance
 * @param analysis what is asked
 * @param document the document's text, as the model shall see it and as quotes are checked against
 * @param deadline when the request is given up, wherever it stands
 * @param lane class of service
 * @param fresh whether the answer is computed for this request alone, as measurements need it: not
 *     taken from an identical document, and given to none
 */
public record CompletionRequest(
    String id, Analysis analysis, String document, Instant deadline, Lane lane, boolean fresh) {

  public CompletionRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(analysis, "analysis");
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(lane, "lane");
  }

  /** A request that may have the answer to an identical document. */
  public CompletionRequest(
      String id, Analysis analysis, String document, Instant deadline, Lane lane) {
    this(id, analysis, document, deadline, lane, false);
  }

  /** The same of another text. */
  public CompletionRequest withDocument(String id, String document) {
    return new CompletionRequest(id, analysis, document, deadline, lane, fresh);
  }

  /** The same, but computed for this request alone. */
  public CompletionRequest asFresh() {
    return new CompletionRequest(id, analysis, document, deadline, lane, true);
  }
}
