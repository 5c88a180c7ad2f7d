package io.kaiseki.pipelines.job;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.telemetry.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * A record that ends as a dead letter.
 *
 * @param source the record
 * @param documentId id of the document; null where the record could not be decoded
 * @param stage the step that gave it up
 * @param reason class of the failure
 * @param message what happened and what to do; never holds document text; cut off after 4,000
 *     characters, because it may name whatever a foreign schema contains
 * @param attempts how often the step was tried
 * @param trace what the dead letter continues
 */
public record Rejection(
    RawRecord source,
    @Nullable String documentId,
    Stage stage,
    FailureReason reason,
    String message,
    int attempts,
    TraceContext trace) {

  private static final int LONGEST_MESSAGE = 4_000;

  public Rejection {
    if (message.length() > LONGEST_MESSAGE) {
      message = message.substring(0, LONGEST_MESSAGE);
    }
  }

  /** A record that belongs to no trace. */
  public Rejection(
      RawRecord source,
      @Nullable String documentId,
      Stage stage,
      FailureReason reason,
      String message,
      int attempts) {
    this(source, documentId, stage, reason, message, attempts, TraceContext.NONE);
  }

  /** A step of the job. */
  public enum Stage {
    DECODE("decode"),
    PREPARE("prepare"),
    ANALYSE("analyse");

    private final String word;

    Stage(String word) {
      this.word = word;
    }

    /** As it stands in dead letters; stable. */
    public String word() {
      return word;
    }
  }
}
