package io.kaiseki.pipelines.bench.peer;

/**
 * A line that the process writes.
 *
 * @param kind what happened
 * @param document number of the prompt that {@code text} answers, from 0 on; else -1
 * @param text the answer, or why it failed; else empty
 */
public record PeerReply(Kind kind, int document, String text) {

  /** What happened. */
  public enum Kind {
    /** The model is loaded and warm. */
    READY,
    /** A prompt is answered. */
    ANSWER,
    /** All prompts of the request are answered. */
    END,
    /** The process can't go on. */
    FAILED
  }
}
