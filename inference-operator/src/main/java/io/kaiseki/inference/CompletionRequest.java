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
 */
public record CompletionRequest(
    String id, Analysis analysis, String document, Instant deadline, Lane lane) {

  public CompletionRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(analysis, "analysis");
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(lane, "lane");
  }
}
