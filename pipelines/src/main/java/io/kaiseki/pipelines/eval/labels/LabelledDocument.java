package io.kaiseki.pipelines.eval.labels;

import io.kaiseki.schemas.digest.Sha256;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
    return hash("");
  }

  /**
   * As {@link #hash()}, with what is true of an open field: whether that is the same, too. The text
   * is in it so that a short label, such as a number, can't be guessed from its hash.
   */
  public String hash(Label.Open truth) {
    // In whatever order, as answers are judged.
    return hash(
        new TreeSet<>(truth.elements())
            .stream().map("\0"::concat).collect(Collectors.joining("", "\0", "")));
  }

  private String hash(String more) {
    return Sha256.hex(title.orElse("") + "\0" + body + more).substring(0, HASH_CHARACTERS);
  }
}
