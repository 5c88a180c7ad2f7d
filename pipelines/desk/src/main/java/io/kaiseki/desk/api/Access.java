package io.kaiseki.desk.api;

import io.javalin.http.Context;
import io.kaiseki.pipelines.config.BearerToken;
import io.kaiseki.pipelines.config.OwnNames;
import io.kaiseki.schemas.registry.Secret;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask. With a token, whoever gives it. Without one, the desk listens on loopback only, and
 * what has to be kept out are pages of other sites in a browser on this machine: they can't send a
 * request under one of this machine's own names (DNS rebinding), nor one from another origin.
 */
final class Access {

  private final Optional<BearerToken> token;
  private final OwnNames names;

  /**
   * @param token the token to ask for; empty for none
   * @param names names of this machine besides those of loopback
   */
  Access(Optional<Secret> token, Set<String> names) {
    this.token = token.map(BearerToken::new);
    this.names = new OwnNames(names);
  }

  /** Refuses a request that asks for data without the right to. */
  void check(Context request) {
    checkOrigin(request);
    if (token.isPresent()) {
      checkToken(request, token.get());
    } else {
      checkName(request);
    }
  }

  private static void checkToken(Context request, BearerToken token) {
    if (!token.isIn(request.header("Authorization"))) {
      request.header("WWW-Authenticate", "Bearer realm=\"kaiseki desk\"");
      throw new ApiProblem(401, "this desk asks for its bearer token (setting desk.token)");
    }
  }

  private void checkName(Context request) {
    if (!names.contains(request.header("Host"))) {
      throw new ApiProblem(
          403, "without a token the desk answers under the names of this machine only");
    }
  }

  private static void checkOrigin(Context request) {
    if (!OwnNames.sameOrigin(request.header("Origin"), request.header("Host"))) {
      throw new ApiProblem(403, "pages of other origins may not ask this desk");
    }
  }
}
