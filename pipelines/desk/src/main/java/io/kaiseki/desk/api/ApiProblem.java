package io.kaiseki.desk.api;

/** A request can't be answered; becomes a problem document (RFC 9457). */
final class ApiProblem extends RuntimeException {

  private final int status;

  ApiProblem(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
