package io.kaiseki.schemas.digest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 (FIPS 180-4). Hex is in lower case and has 64 digits. Text counts as UTF-8, and a lone
 * surrogate as a question mark, as Java encodes it.
 */
public final class Sha256 {

  private Sha256() {}

  /** A digest that has read nothing yet, for what comes in pieces. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The 32 bytes of the digest of these. */
  public static byte[] of(byte[] bytes) {
    return begin().digest(bytes);
  }

  /** The digest of a text, in hex. */
  public static String hex(String text) {
    return HexFormat.of().formatHex(of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The digest of several texts, in hex. In front of each is the number of its bytes, as four
   * bytes, big end first: that keeps text from moving across the border of two parts unnoticed.
   */
  public static String hexOfParts(List<String> parts) {
    MessageDigest digest = begin();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
