package io.kaiseki.inference;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The model's own probability for a closed field: the mass of each allowed label, renormalised over
 * the allowed labels.
 *
 * @param field path of the field in the answer, such as {@code category} or {@code lines[0].kind}
 * @param label the label that was chosen; {@code null} as a string where the null branch was taken;
 *     the most probable one where the answer abstained
 * @param probability probability of that label, 0 to 1
 * @param distribution probability of every allowed label, in schema order
 * @param abstained whether the field is null in the answer because that label's probability was
 *     under the {@code minConfidence} of the schema
 */
public record FieldConfidence(
    String field,
    String label,
    double probability,
    Map<String, Double> distribution,
    boolean abstained) {

  public FieldConfidence {
    distribution = Collections.unmodifiableMap(new LinkedHashMap<>(distribution));
  }

  /** The confidence of a label that stands in the answer. */
  public FieldConfidence(
      String field, String label, double probability, Map<String, Double> distribution) {
    this(field, label, probability, distribution, false);
  }
}
