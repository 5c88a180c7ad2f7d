package io.kaiseki.schemas.envelope;

import io.kaiseki.schemas.FieldConfidence;
import io.kaiseki.schemas.Provenance;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What an envelope holds.
 *
 * @param documentId id of the document
 * @param answer what the model answered
 * @param confidences one entry for each closed field, in the order of decision
 * @param reasoning what the model thought before it answered; null where it did not think
 * @param provenance what produced the answer
 */
public record Result(
    String documentId,
    GenericRecord answer,
    List<FieldConfidence> confidences,
    @Nullable String reasoning,
    Provenance provenance) {

  public Result {
    Objects.requireNonNull(documentId, "documentId");
    Objects.requireNonNull(answer, "answer");
    confidences = List.copyOf(confidences);
    Objects.requireNonNull(provenance, "provenance");
  }
}
