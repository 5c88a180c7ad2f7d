package io.kaiseki.pipelines.analysis;

import io.kaiseki.inference.LongDocuments;
import io.kaiseki.inference.MaskingPolicy;

/**
 * How documents are put before the model, and how much of what it thought comes out.
 *
 * @param longDocuments what becomes of documents that do not fit into the context
 * @param masking what the model does not see
 * @param keepReasoning whether results hold the reasoning
 */
public record DocumentHandling(
    LongDocuments longDocuments, MaskingPolicy masking, boolean keepReasoning) {

  /** Long documents are refused, nothing is masked, and reasoning is kept. */
  public static final DocumentHandling DEFAULT =
      new DocumentHandling(LongDocuments.REFUSE, MaskingPolicy.NONE, true);
}
