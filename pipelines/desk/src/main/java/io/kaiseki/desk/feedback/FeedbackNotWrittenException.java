package io.kaiseki.desk.feedback;

/** The feedback topic did not take a record. */
public final class FeedbackNotWrittenException extends RuntimeException {

  FeedbackNotWrittenException(String topic, Throwable cause) {
    super("topic " + topic + " did not take the feedback: " + cause.getMessage(), cause);
  }
}
