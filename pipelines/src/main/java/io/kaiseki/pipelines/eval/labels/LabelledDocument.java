package io.kaiseki.pipelines.eval.labels;

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

  public LabelledDocument {
    labels = Map.copyOf(labels);
  }
}
