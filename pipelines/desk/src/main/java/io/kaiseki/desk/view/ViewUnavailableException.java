package io.kaiseki.desk.view;

/** The view can't answer now; asking again in a moment may help. */
public final class ViewUnavailableException extends RuntimeException {

  public ViewUnavailableException(String message) {
    super(message);
  }
}
