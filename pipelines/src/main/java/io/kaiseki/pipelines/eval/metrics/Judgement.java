package io.kaiseki.pipelines.eval.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a model said about one closed field of one document, beside what is true.
 *
 * @param truth the label that a person gave; {@link #NULL} where the field shall be empty
 * @param label the label that the model holds most probable; empty where the document failed
 * @param confidence the model's probability of that label, 0 to 1; 0 where nothing is known of it
 * @param distribution probability of every allowed label; empty where the document failed, or was
 *     answered by a server that tells no probabilities
 * @param abstained whether the answer leaves the field empty because the label was too improbable
 */
public record Judgement(
    String truth,
    Optional<String> label,
    double confidence,
    Map<String, Double> distribution,
    boolean abstained) {

  /** How an empty field is called among labels. */
  public static final String NULL = "null";

  public Judgement {
    distribution = Collections.unmodifiableMap(new LinkedHashMap<>(distribution));
  }

  /** Of a document that has no answer. */
  public static Judgement failed(String truth) {
    return new Judgement(truth, Optional.empty(), 0, Map.of(), false);
  }

  /** Of an answer that nobody knows the probability of. */
  public static Judgement withoutConfidence(String truth, String label) {
    return new Judgement(truth, Optional.of(label), 0, Map.of(), false);
  }

  /** The same, said with another confidence. */
  public Judgement withConfidence(double other) {
    return new Judgement(truth, label, other, distribution, abstained);
  }

  /** Whether there is an answer, be it an abstention. */
  public boolean answered() {
    return label.isPresent();
  }

  /** Whether there is an answer whose probability is known. */
  public boolean hasConfidence() {
    return answered() && !distribution.isEmpty();
  }

  /** Whether there is a label that the model stands by: it answered and did not abstain. */
  public boolean kept() {
    return answered() && !abstained;
  }

  /**
   * The label that stands in the answer. An abstention is no label, unless the field is truly
   * empty.
   */
  public Optional<String> answer() {
    return abstained ? Optional.of(truth).filter(NULL::equals) : label;
  }

  /** Whether the answer is right. A document that failed is wrong. */
  public boolean right() {
    return answer().filter(truth::equals).isPresent();
  }

  /** Whether the most probable label is the true one, abstained or not. */
  public boolean leaningRight() {
    return label.filter(truth::equals).isPresent();
  }

  /** The greatest probability of a label that is not {@link #NULL}: how much it is one of them. */
  public double belonging() {
    return distribution.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(NULL))
        .mapToDouble(Map.Entry::getValue)
        .max()
        .orElse(0);
  }
}
