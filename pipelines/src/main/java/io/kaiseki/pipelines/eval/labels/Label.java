package io.kaiseki.pipelines.eval.labels;

import java.util.List;

/** What is true of one field of one document. */
public sealed interface Label {

  /** A label of a closed field; the text {@code null} where the field shall be empty. */
  record Closed(String label) implements Label {}

  /** No label of a closed field fits the document. */
  record OutOfScope(String word) implements Label {}

  /** The elements of an open field: one for a text or a value, any number for a list. */
  record Open(List<String> elements) implements Label {
    public Open {
      elements = List.copyOf(elements);
    }
  }
}
