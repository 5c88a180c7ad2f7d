package io.kaiseki.inference.policy;

import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.longdocument.LongDocumentEngine;
import io.kaiseki.inference.privacy.MaskingEngine;

/** Keeps to the policies of every analysis that an engine is given. */
public final class PolicyEngine {

  private PolicyEngine() {}

  /**
   * Puts all policies before an engine.
   *
   * @param engine the caller's hold; it is closed with the returned one
   */
  public static InferenceEngine around(InferenceEngine engine) {
    // Masking first, so that no part of a long document is cut from what it hides.
    return MaskingEngine.around(LongDocumentEngine.around(engine));
  }
}
