package io.kaiseki.pipelines.config;

import io.kaiseki.schemas.registry.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The token that a server's clients send as {@code Authorization: Bearer TOKEN}. */
public final class BearerToken {

  private final byte[] expected;

  public BearerToken(Secret token) {
    expected = bytes("Bearer " + token.reveal());
  }

  /**
   * Whether a request has it. Takes the same time wherever what it has differs.
   *
   * @param authorization the header {@code Authorization}
   */
  public boolean isIn(@Nullable String authorization) {
    return authorization != null && MessageDigest.isEqual(expected, bytes(authorization));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
