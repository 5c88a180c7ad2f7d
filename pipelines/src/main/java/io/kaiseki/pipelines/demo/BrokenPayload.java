package io.kaiseki.pipelines.demo;

import io.kaiseki.inference.FailureReason;

/**
 * The value of a Kafka record that no consumer can decode.
 *
 * @param breakage what is wrong with it
 * @param value the bytes to send; the caller's own copy
 */
public record BrokenPayload(Breakage breakage, byte[] value) {

  /** The reason that the dead letter must carry. */
  public FailureReason expected() {
    return breakage.expected();
  }
}
