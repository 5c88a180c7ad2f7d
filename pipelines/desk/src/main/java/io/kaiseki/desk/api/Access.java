package io.kaiseki.desk.api;

import io.javalin.http.Context;
import io.kaiseki.schemas.registry.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask. With a token, whoever gives it. Without one, the desk listens on loopback only, and
 * what has to be kept out are pages of other sites in a browser on this machine: they can't send a
 * request under one of this machine's own names (DNS rebinding), nor one from another origin.
 */
final class Access {

  private static final String BEARER = "Bearer ";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Optional<byte[]> token;
  private final Set<String> names;

  /**
   * @param token the token to ask for; empty for none
   * @param names names of this machine besides those of loopback
   */
  Access(Optional<Secret> token, Set<String> names) {
    this.token = token.map(secret -> secret.reveal().getBytes(StandardCharsets.UTF_8));
    this.names = names;
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

  /** Whether a token is asked for. */
  boolean asksForToken() {
    return token.isPresent();
  }

  private static void checkToken(Context request, byte[] expected) {
    String header = request.header("Authorization");
    byte[] given =
        header != null && header.startsWith(BEARER)
            ? header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    // Takes the same time wherever the two differ.
    if (!MessageDigest.isEqual(expected, given)) {
      request.header("WWW-Authenticate", "Bearer realm=\"kaiseki desk\"");
      throw new ApiProblem(401, "this desk asks for its bearer token (setting desk.token)");
    }
  }

  private void checkName(Context request) {
    String host = request.header("Host");
    String name = host == null ? "" : host.replaceFirst(":[0-9]*$", "");
    if (!LOOPBACK.contains(name) && !names.contains(name)) {
      throw new ApiProblem(
          403, "without a token the desk answers under the names of this machine only");
    }
  }

  private static void checkOrigin(Context request) {
    String origin = request.header("Origin");
    if (origin == null) {
      return;
    }
    String authority;
    try {
      authority = String.valueOf(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      authority = "";
    }
    if (!authority.equals(request.header("Host"))) {
      throw new ApiProblem(403, "pages of other origins may not ask this desk");
    }
  }
}
