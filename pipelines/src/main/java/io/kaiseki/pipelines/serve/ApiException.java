package io.kaiseki.pipelines.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that is answered by an error, in the form that OpenAI's clients read. */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final @Nullable String parameter;
  private final int retrySeconds;

  private ApiException(
      int status, String code, @Nullable String parameter, String message, int retrySeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.parameter = parameter;
    this.retrySeconds = retrySeconds;
  }

  /** The request itself is wrong, at this place. */
  static ApiException wrong(String parameter, String message) {
    return new ApiException(400, "invalid_value", parameter, parameter + ": " + message, 0);
  }

  static ApiException of(int status, String code, String message) {
    return new ApiException(status, code, null, message, 0);
  }

  /** The server can't take it now. */
  static ApiException later(int status, String code, String message, int retrySeconds) {
    return new ApiException(status, code, null, message, retrySeconds);
  }

  int status() {
    return status;
  }

  /** Seconds after which to come again; 0 where coming again does not help. */
  int retrySeconds() {
    return retrySeconds;
  }

  ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", getMessage())
        .put("type", type())
        .put("param", parameter)
        .put("code", code);
    return body;
  }

  private String type() {
    return switch (status) {
      case 401 -> "authentication_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }
}
