package io.kaiseki.pipelines.eval.labels;

import io.kaiseki.schemas.digest.Sha256;
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
    return Sha256.hex(title.orElse("") + "\0" + body).substring(0, HASH_CHARACTERS);
  }
}
