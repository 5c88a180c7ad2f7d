package io.kaiseki.inference;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a document was put before the model.
 *
 * @param chunks parts that were analysed; 1 where the document was read in one piece
 * @param truncated whether the model was given the document's beginning only
 * @param masked how many distinct values were masked, by kind; kinds of which none was found are
 *     left out
 */
public record DocumentReading(int chunks, boolean truncated, Map<String, Integer> masked) {

  /** In one piece, all of it, as it came. */
  public static final DocumentReading WHOLE = new DocumentReading(1, false, Map.of());

  public DocumentReading {
    masked = Collections.unmodifiableMap(new TreeMap<>(masked));
  }
}
