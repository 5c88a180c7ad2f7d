package io.kaiseki.pipelines.eval.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Temperature scaling after Guo et al., "On Calibration of Modern Neural Networks" (2017): each
 * probability is taken to the power of {@code 1 / T} and all are renormalised, which is the same as
 * dividing the logits by {@code T}. No label changes its rank, so no answer changes. Over 1, the
 * model was too sure of itself.
 *
 * @param temperature the one that fits all documents best
 * @param halves judgements, in their order, each under the temperature that was fitted on the other
 *     half of the documents: what they show is not the fit's own flattery
 */
public record TemperatureScaling(double temperature, List<Judgement> halves) {

  /**
   * Bounds of the search; what wants to go beyond them tells more of the data than of the model.
   */
  private static final double LEAST = 0.05;

  private static final double GREATEST = 20;

  private static final double FLOOR = 1e-12;

  /** A gain in log loss that is none. */
  private static final double NO_GAIN = 1e-9;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final int STEPS = 60;

  public TemperatureScaling {
    halves = List.copyOf(halves);
  }

  /**
   * Fits on the documents that were answered.
   *
   * @return empty where fewer than two were answered
   */
  public static Optional<TemperatureScaling> of(List<Judgement> judgements) {
    List<Judgement> answered = judgements.stream().filter(Judgement::answered).toList();
    if (answered.size() < 2) {
      return Optional.empty();
    }
    List<Judgement> halves =
        Halves.corrected(
            judgements,
            TemperatureScaling::fit,
            (temperature, judgement) -> scaled(judgement, temperature));
    return Optional.of(new TemperatureScaling(fit(answered), halves));
  }

  /**
   * The temperature, 0.05 to 20, with the least mean log loss of the true labels. That loss is
   * convex in {@code 1 / T}, so a golden-section search finds the one minimum. 1 where no
   * temperature does better than none.
   */
  static double fit(List<Judgement> answered) {
    double low = Math.log(LEAST);
    double high = Math.log(GREATEST);
    for (int step = 0; step < STEPS; step++) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (logLoss(answered, Math.exp(left)) <= logLoss(answered, Math.exp(right))) {
        high = right;
      } else {
        low = left;
      }
    }
    double best = Math.exp((low + high) / 2);
    return logLoss(answered, 1) <= logLoss(answered, best) + NO_GAIN ? 1 : best;
  }

  /** The mean of {@code -log p(truth)}, in nats, over those that were answered; 0 of nothing. */
  public static double logLoss(List<Judgement> judgements) {
    return logLoss(judgements.stream().filter(Judgement::answered).toList(), 1);
  }

  private static double logLoss(List<Judgement> answered, double temperature) {
    double sum = 0;
    for (Judgement judgement : answered) {
      double all = 0;
      for (double probability : judgement.distribution().values()) {
        all += power(probability, temperature);
      }
      double truth = judgement.distribution().getOrDefault(judgement.truth(), 0.0);
      sum += Math.log(all) - Math.log(Math.max(truth, FLOOR)) / temperature;
    }
    return answered.isEmpty() ? 0 : sum / answered.size();
  }

  private static Judgement scaled(Judgement judgement, double temperature) {
    double all = 0;
    for (double probability : judgement.distribution().values()) {
      all += power(probability, temperature);
    }
    Map<String, Double> distribution = new LinkedHashMap<>();
    for (Map.Entry<String, Double> label : judgement.distribution().entrySet()) {
      distribution.put(label.getKey(), power(label.getValue(), temperature) / all);
    }
    double confidence =
        judgement.label().map(label -> distribution.getOrDefault(label, 0.0)).orElse(0.0);
    return new Judgement(
        judgement.truth(), judgement.label(), confidence, distribution, judgement.abstained());
  }

  private static double power(double probability, double temperature) {
    return Math.exp(Math.log(Math.max(probability, FLOOR)) / temperature);
  }
}
