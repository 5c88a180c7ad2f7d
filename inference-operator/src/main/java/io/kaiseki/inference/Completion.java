package io.kaiseki.inference;

import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer to one document.
 *
 * @param answer the answer, valid under the contract's schema
 * @param confidences one entry for each closed field that was decided, in the order of decision
 * @param reasoning what the model thought before it answered; null where it did not think
 * @param usage tokens by phase
 * @param finishReason how the generation ended
 * @param timings where the time went
 * @param reused whether the answer is that of an identical document, in flight at the same time or
 *     recent; it took no tokens then, and {@code usage} is {@link TokenUsage#NONE}
 * @param reading how the document was put before the model
 */
public record Completion(
    GenericRecord answer,
    List<FieldConfidence> confidences,
    @Nullable String reasoning,
    TokenUsage usage,
    FinishReason finishReason,
    Timings timings,
    boolean reused,
    DocumentReading reading) {

  public Completion {
    confidences = List.copyOf(confidences);
  }

  /** A completion of a document that was read in one piece. */
  public Completion(
      GenericRecord answer,
      List<FieldConfidence> confidences,
      @Nullable String reasoning,
      TokenUsage usage,
      FinishReason finishReason,
      Timings timings,
      boolean reused) {
    this(
        answer,
        confidences,
        reasoning,
        usage,
        finishReason,
        timings,
        reused,
        DocumentReading.WHOLE);
  }

  /** A completion that the model computed for its document. */
  public Completion(
      GenericRecord answer,
      List<FieldConfidence> confidences,
      @Nullable String reasoning,
      TokenUsage usage,
      FinishReason finishReason,
      Timings timings) {
    this(answer, confidences, reasoning, usage, finishReason, timings, false);
  }

  /** The same answer with another account of how the document was read. */
  public Completion withReading(DocumentReading reading) {
    return new Completion(
        answer, confidences, reasoning, usage, finishReason, timings, reused, reading);
  }
}
