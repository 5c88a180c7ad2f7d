package io.kaiseki.inference;

import java.io.Serializable;

/**
 * Tells how to get an engine where the work is done. It travels in the job graph, so it holds
 * settings, never an engine.
 */
@FunctionalInterface
public interface EngineSource extends Serializable {

  /**
   * Takes a hold on the engine of this JVM for these settings, starting it if need be.
   *
   * @return a handle that the caller closes once
   * @throws EngineUnavailableException if it can't be started; the message names the setting
   */
  InferenceEngine acquire();
}
