package io.kaiseki.pipelines.eval.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Judgements for tests. */
final class Judgements {

  private Judgements() {}

  /** One whose label has this confidence; the rest of the mass is with the label {@code rest}. */
  static Judgement of(String truth, String label, double confidence) {
    Map<String, Double> distribution = new LinkedHashMap<>();
    distribution.put(label, confidence);
    distribution.put(label.equals("rest") ? "other" : "rest", 1 - confidence);
    return new Judgement(truth, Optional.of(label), confidence, distribution, false);
  }

  /** One of two labels, {@code yes} with this probability. */
  static Judgement binary(boolean truth, double yes) {
    String label = yes >= 0.5 ? "yes" : "no";
    Map<String, Double> distribution = new LinkedHashMap<>();
    distribution.put("yes", yes);
    distribution.put("no", 1 - yes);
    return new Judgement(
        truth ? "yes" : "no", Optional.of(label), Math.max(yes, 1 - yes), distribution, false);
  }

  /** One that leans to a label but leaves the field empty. */
  static Judgement abstained(String truth, String label, double confidence) {
    Judgement leaning = of(truth, label, confidence);
    return new Judgement(truth, leaning.label(), confidence, leaning.distribution(), true);
  }
}
