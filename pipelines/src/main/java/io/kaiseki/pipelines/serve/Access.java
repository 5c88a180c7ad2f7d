package io.kaiseki.pipelines.serve;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.kaiseki.schemas.registry.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Locale;
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

  private final Optional<Secret> token;
  private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

  Access(ServeSettings settings) {
    token = settings.token();
    String host = settings.host().toLowerCase(Locale.ROOT);
    names.add(host.contains(":") ? "[" + host + "]" : host);
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

  private static void checkToken(Context request, Secret token) {
    byte[] expected = ("Bearer " + token.reveal()).getBytes(StandardCharsets.UTF_8);
    String given = request.header("Authorization");
    // Takes the same time wherever the two differ.
    if (given == null || !MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      request.header("WWW-Authenticate", "Bearer");
      throw ApiException.of(
          401, "invalid_api_key", "send the server's token as Authorization: Bearer TOKEN");
    }
  }

  private void checkName(Context request) {
    if (!names.contains(host(request).replaceFirst(":[0-9]*$", ""))) {
      throw ApiException.of(
          403,
          "unknown_host",
          "without a token the server answers under the names of this machine only; ask localhost,"
              + " or start it with --token-file");
    }
  }

  private static void checkOrigin(Context request) {
    String origin = request.header("Origin");
    if (origin != null && !authority(origin).equals(host(request))) {
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

  private static String host(Context request) {
    String host = request.header("Host");
    return host == null ? "" : host.toLowerCase(Locale.ROOT);
  }

  /** Host and port of an origin; of one that has none, such as a file, no host has the name. */
  private static String authority(String origin) {
    try {
      return String.valueOf(URI.create(origin).getAuthority()).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "null";
    }
  }
}
