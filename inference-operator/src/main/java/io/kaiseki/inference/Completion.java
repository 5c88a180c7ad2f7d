package io.kaiseki.inference;

import io.kaiseki.inference.contract.GeneratedAnswer;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer to one document.
 *
 * @param answer the answer, valid under the contract's schema
 * @param confidences one entry for each closed field that was decided, in the order of decision
 * @param reasoning what the model thought before it answered; null where it did not think
 * @param usage tokens by phase, of the engine whose answer it is
 * @param finishReason how the generation ended
 * @param timings where the time went
 * @param reused whether the answer is that of an identical document, in flight at the same time or
 *     recent; it took no tokens then, and {@code usage} is {@link TokenUsage#NONE}
 * @param reading how the document was put before the model
 * @param escalation why the answer is a second engine's; null where it is the engine's own
 */
public record Completion(
    GenericRecord answer,
    List<FieldConfidence> confidences,
    @Nullable String reasoning,
    TokenUsage usage,
    FinishReason finishReason,
    Timings timings,
    boolean reused,
    DocumentReading reading,
    @Nullable Escalation escalation) {

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
        DocumentReading.WHOLE,
        null);
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

  /**
   * The answer as a record of the class that Avro generates from the contract's schema.
   *
   * @throws IllegalArgumentException if the answer can't be read as that class
   */
  public <R extends SpecificRecord> R answerAs(Class<R> type) {
    return GeneratedAnswer.of(answer, type);
  }

  /** The same with other times, such as those of one who asked for it earlier or later. */
  public Completion withTimings(Timings timings) {
    return with(answer, timings, reading, escalation);
  }

  /** The same answer with another account of how the document was read. */
  public Completion withReading(DocumentReading reading) {
    return with(answer, timings, reading, escalation);
  }

  /** The same with another answer, such as one in which something was replaced. */
  public Completion withAnswer(GenericRecord answer) {
    return with(answer, timings, reading, escalation);
  }

  /** The same as the answer of a second engine; null says that it is the engine's own. */
  public Completion withEscalation(@Nullable Escalation escalation) {
    return with(answer, timings, reading, escalation);
  }

  /**
   * Probability of the least sure label, those in lists included; 1 where there is none, or the
   * engine does not tell.
   */
  public double leastConfidence() {
    return confidences.stream().mapToDouble(FieldConfidence::probability).min().orElse(1);
  }

  /** Tokens that each engine took which worked on the document, the second one's last. */
  public List<TokenUsage> usages() {
    return escalation == null ? List.of(usage) : List.of(escalation.usage(), usage);
  }

  private Completion with(
      GenericRecord answer,
      Timings timings,
      DocumentReading reading,
      @Nullable Escalation escalation) {
    return new Completion(
        answer, confidences, reasoning, usage, finishReason, timings, reused, reading, escalation);
  }
}
