package io.kaiseki.pipelines.eval.labels;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A document and what is true of it.
 *
 * @param id its own, or {@code line-} and the line of the file that it begins on
 * @param title subject line or heading, where the file has one
 * @param body the text
 * @param labels what is true, by the names of fields
 */
public record LabelledDocument(
    String id, Optional<String> title, String body, Map<String, Label> labels) {

  private static final int HASH_CHARACTERS = 16;

  public LabelledDocument {
    labels = Map.copyOf(labels);
  }

  /** The start of the SHA-256 of title and body, in hex: whether two documents are the same. */
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(title.orElse("").getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_CHARACTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
