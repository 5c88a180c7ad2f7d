package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FieldConfidence;
import java.util.HashMap;
import java.util.Map;

/**
 * A part of a document and its answer.
 *
 * @param text the part, as the model read it
 * @param completion the answer
 * @param confidences the answer's confidences by field
 * @param confidence how sure the answer is as a whole: the mean probability of its closed fields; 1
 *     where it has none
 */
record AnalysedPart(
    String text,
    Completion completion,
    Map<String, FieldConfidence> confidences,
    double confidence) {

  static AnalysedPart of(String text, Completion completion) {
    Map<String, FieldConfidence> byField = new HashMap<>();
    completion.confidences().forEach(field -> byField.put(field.field(), field));
    double mean =
        completion.confidences().stream()
            .mapToDouble(FieldConfidence::probability)
            .average()
            .orElse(1);
    return new AnalysedPart(text, completion, byField, mean);
  }
}
