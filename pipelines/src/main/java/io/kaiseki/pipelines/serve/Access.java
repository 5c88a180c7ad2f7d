package io.kaiseki.pipelines.serve;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.kaiseki.pipelines.config.BearerToken;
import io.kaiseki.pipelines.config.OwnNames;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask. With a token, whoever sends it. Without one, the server listens on loopback only,
 * and what has to be kept out are pages of other sites in a browser on this machine: they can't ask
 * under one of this machine's own names (DNS rebinding), nor from another origin, nor send JSON as
 * one of the types that a browser sends anywhere without asking first.
 */
final class Access {

  private static final String JSON_TYPE = "application/json";

  private final Optional<BearerToken> token;
  private final OwnNames names;

  Access(ServeSettings settings) {
    token = settings.token().map(BearerToken::new);
    names = new OwnNames(Set.of(settings.host()));
  }

  /**
   * Lets a request in.
   *
   * @throws ApiException if it has no right to ask
   */
  void check(Context request) {
    if (token.isPresent()) {
      checkToken(request, token.get());
    } else {
      checkName(request);
      checkOrigin(request);
      checkType(request);
    }
  }

  private static void checkToken(Context request, BearerToken token) {
    if (!token.isIn(request.header("Authorization"))) {
      request.header("WWW-Authenticate", "Bearer");
      throw ApiException.of(
          401, "invalid_api_key", "send the server's token as Authorization: Bearer TOKEN");
    }
  }

  private void checkName(Context request) {
    if (!names.contains(request.header("Host"))) {
      throw ApiException.of(
          403,
          "unknown_host",
          "without a token the server answers under the names of this machine only; ask localhost,"
              + " or start it with --token-file");
    }
  }

  private static void checkOrigin(Context request) {
    if (!OwnNames.sameOrigin(request.header("Origin"), request.header("Host"))) {
      throw ApiException.of(
          403,
          "other_origin",
          "without a token, pages of other origins may not ask this server; start it with"
              + " --token-file");
    }
  }

  private static void checkType(Context request) {
    if (HandlerType.POST.equals(request.method()) && !isJson(request.contentType())) {
      throw ApiException.of(
          415, "unsupported_media_type", "send the body as Content-Type: " + JSON_TYPE);
    }
  }

  private static boolean isJson(@Nullable String type) {
    return type != null && type.replaceFirst(";.*", "").strip().equalsIgnoreCase(JSON_TYPE);
  }
}
