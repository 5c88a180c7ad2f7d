package io.kaiseki.inference.privacy;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.DocumentReading;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.ForwardingEngine;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.MaskingPolicy;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.telemetry.DocumentFault;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before an engine and gives it documents in which the values that the {@linkplain
 * MaskingPolicy analysis' policy} names are replaced by placeholders. Answers keep the
 * placeholders, but for quotes where the policy says so; those then are words of the original
 * again, cut off where they would exceed the contract's {@code maxLength}, and shorter than its
 * {@code minLength} where the values are shorter than their placeholders. Masking happens on the
 * submitter's thread. A document that can't be masked fails; it is never shown as it is.
 */
public final class MaskingEngine extends ForwardingEngine {

  private static final Logger LOG = LoggerFactory.getLogger(MaskingEngine.class);

  private final Map<MaskingPolicy, Masker> maskers = new ConcurrentHashMap<>();

  private MaskingEngine(InferenceEngine engine) {
    super(engine);
  }

  /**
   * Puts masking before an engine.
   *
   * @param engine the caller's hold; it is closed with the returned one
   */
  public static InferenceEngine around(InferenceEngine engine) {
    return new MaskingEngine(engine);
  }

  @Override
  public CompletableFuture<Outcome> submit(CompletionRequest request) {
    MaskingPolicy policy = request.analysis().masking();
    if (!policy.active()) {
      return engine.submit(request);
    }
    MaskedText masked;
    try {
      masked = maskers.computeIfAbsent(policy, Masker::of).mask(request.document());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("event=masking-fault document={} cause={}", request.id(), e.getClass().getName());
      return CompletableFuture.completedFuture(
          new Outcome.Failed(
              FailureReason.REFUSED,
              "the document could not be masked, and so was not given to the model: "
                  + e.getClass().getName()));
    }
    CompletableFuture<Outcome> submitted =
        engine.submit(request.withDocument(request.id(), masked.text()));
    CompletableFuture<Outcome> result = new CompletableFuture<>();
    result.whenComplete(
        (outcome, error) -> {
          if (result.isCancelled()) {
            submitted.cancel(false);
          }
        });
    submitted.whenComplete(
        (outcome, error) -> {
          if (error != null) {
            result.completeExceptionally(error);
          } else if (outcome instanceof Outcome.Answered answered) {
            result.complete(told(request, masked, answered.completion()));
          } else {
            result.complete(outcome);
          }
        });
    return result;
  }

  private static Outcome told(CompletionRequest request, MaskedText masked, Completion completion) {
    try {
      Completion unmasked =
          request.analysis().masking().unmaskQuotes()
              ? UnmaskedQuotes.in(completion, request.analysis().contract().type(), masked)
              : completion;
      DocumentReading reading = completion.reading();
      return new Outcome.Answered(
          unmasked.withReading(
              new DocumentReading(reading.chunks(), reading.truncated(), masked.counts())));
    } catch (RuntimeException e) {
      DocumentFault.log(LOG, "unmasking-fault", request.id(), e);
      return new Outcome.Failed(
          FailureReason.ENGINE_FAULT,
          "the quotes of the answer could not be unmasked: " + e.getClass().getName());
    }
  }
}
