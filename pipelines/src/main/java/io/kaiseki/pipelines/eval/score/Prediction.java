package io.kaiseki.pipelines.eval.score;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What became of one document. It holds labels, but no word of the document.
 *
 * @param id the document's id
 * @param text the document's hash, {@link LabelledDocument#hash()}
 * @param failure why it has no answer
 * @param thought whether the model thought about it
 * @param fields by the name of the field; out-of-scope fields are not among them
 */
public record Prediction(
    String id,
    String text,
    Optional<FailureReason> failure,
    boolean thought,
    Map<String, Field> fields) {

  public Prediction {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /**
   * One field.
   *
   * @param truth what is true: the label of a closed field, and of an open one a hash, {@link
   *     LabelledDocument#hash(Label.Open)}
   * @param correct whether the answer is right
   * @param label the most probable label; of a closed field that was answered
   * @param confidence its probability; empty where there is no label, or none was told
   * @param abstained whether the answer leaves the field empty nevertheless
   */
  public record Field(
      String truth,
      boolean correct,
      Optional<String> label,
      OptionalDouble confidence,
      boolean abstained) {}
}
