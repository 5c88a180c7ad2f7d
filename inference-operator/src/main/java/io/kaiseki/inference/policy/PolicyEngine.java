package io.kaiseki.inference.policy;

import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.longdocument.LongDocumentEngine;
import io.kaiseki.inference.privacy.MaskingEngine;
import io.kaiseki.inference.telemetry.ObservedEngine;

/** Keeps to the policies of every analysis that an engine is given. */
public final class PolicyEngine {

  private PolicyEngine() {}

  /**
   * Puts all policies before an engine, and lets its requests be observed.
   *
   * @param engine the caller's hold; it is closed with the returned one
   */
  public static InferenceEngine around(InferenceEngine engine) {
    // Masking first, so that no part of a long document is cut from what it hides. Telemetry last:
    // it tells of what the model is asked, each part by itself, and sees nothing that is masked.
    return MaskingEngine.around(LongDocumentEngine.around(ObservedEngine.around(engine)));
  }
}
