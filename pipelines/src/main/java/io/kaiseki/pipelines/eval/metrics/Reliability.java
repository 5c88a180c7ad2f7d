package io.kaiseki.pipelines.eval.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a model is right as often as it says: documents in bins of equal width by confidence,
 * after Guo et al., "On Calibration of Modern Neural Networks" (2017). A bin holds confidences over
 * its lower and up to its upper bound.
 *
 * @param bins all bins, lowest first, empty ones too
 */
public record Reliability(List<Bin> bins) {

  /** How many bins; the number that the paper uses. */
  public static final int BINS = 15;

  public Reliability {
    bins = List.copyOf(bins);
  }

  /**
   * One bin.
   *
   * @param count documents in it
   * @param confidence their mean confidence; 0 if there are none
   * @param accuracy the part of them whose most probable label is the true one; 0 if there are none
   */
  public record Bin(double from, double to, int count, double confidence, double accuracy) {}

  /** Of the documents that were answered, by their most probable labels. */
  public static Reliability of(List<Judgement> judgements) {
    int[] counts = new int[BINS];
    int[] right = new int[BINS];
    double[] confidence = new double[BINS];
    for (Judgement judgement : judgements) {
      if (judgement.answered()) {
        int bin = (int) Math.ceil(judgement.confidence() * BINS) - 1;
        bin = Math.min(BINS - 1, Math.max(0, bin));
        counts[bin]++;
        right[bin] += judgement.leaningRight() ? 1 : 0;
        confidence[bin] += judgement.confidence();
      }
    }
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      int count = counts[i];
      bins.add(
          new Bin(
              (double) i / BINS,
              (double) (i + 1) / BINS,
              count,
              count == 0 ? 0 : confidence[i] / count,
              count == 0 ? 0 : (double) right[i] / count));
    }
    return new Reliability(bins);
  }

  /**
   * The expected calibration error: the mean distance of accuracy and confidence over the bins,
   * weighted by their documents. 0 is perfect.
   */
  public double ece() {
    int total = bins.stream().mapToInt(Bin::count).sum();
    return total == 0
        ? 0
        : bins.stream()
                .mapToDouble(bin -> bin.count() * Math.abs(bin.accuracy() - bin.confidence()))
                .sum()
            / total;
  }
}
