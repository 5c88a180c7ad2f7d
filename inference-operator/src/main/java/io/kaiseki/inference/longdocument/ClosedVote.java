package io.kaiseki.inference.longdocument;

import io.kaiseki.inference.FieldConfidence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one distribution over the labels of a closed field out of those of all parts.
 *
 * <p>With p(i) the distribution of part i, K the number of labels and H the entropy, the vote of a
 * part weighs
 *
 * <pre>w(i) = characters(i) · (1 − H(p(i)) / ln K)</pre>
 *
 * and the probability of a label is Σ w(i) · p(i, label) / Σ w(i). A part that holds no evidence
 * leaves the model undecided, and so has next to no vote; one that decides clearly counts by its
 * length. A mean, not a product: parts of one document are not independent, and a single one must
 * not be able to rule a label out. Where no part has any evidence, they count by length alone.
 *
 * <p>Where the field may be null, parts whose likeliest label is null do not vote, unless all are
 * such: that a part says nothing about a field is no evidence that the document does not.
 */
final class ClosedVote {

  /** What confidences call the absence of a value. */
  static final String NULL = "null";

  private static final double NO_EVIDENCE = 1e-9;

  /** The vote of one part. */
  record Ballot(int characters, FieldConfidence confidence) {}

  private ClosedVote() {}

  /**
   * The vote about a field that always has a value.
   *
   * @param ballots at least one; all over the same labels
   */
  static FieldConfidence of(List<Ballot> ballots) {
    return elected(ballots, merged(ballots), 0);
  }

  /**
   * The vote about a field that may be null.
   *
   * @param ballots at least one; all over the same labels
   * @param minConfidence probability under which the best label gives way to null; 0 keeps each
   */
  static FieldConfidence ofNullable(List<Ballot> ballots, double minConfidence) {
    List<Ballot> informed =
        ballots.stream().filter(ballot -> !ballot.confidence().label().equals(NULL)).toList();
    List<Ballot> voters = informed.isEmpty() ? ballots : informed;
    return elected(voters, merged(voters), minConfidence);
  }

  private static Map<String, Double> merged(List<Ballot> voters) {
    double[] weights = voters.stream().mapToDouble(ClosedVote::weight).toArray();
    double total = sum(weights);
    if (total < NO_EVIDENCE) {
      weights = voters.stream().mapToDouble(ballot -> Math.max(1, ballot.characters())).toArray();
      total = sum(weights);
    }
    Map<String, Double> merged = new LinkedHashMap<>();
    for (int i = 0; i < weights.length; i++) {
      double share = weights[i] / total;
      voters
          .get(i)
          .confidence()
          .distribution()
          .forEach((label, p) -> merged.merge(label, share * p, Double::sum));
    }
    return merged;
  }

  private static FieldConfidence elected(
      List<Ballot> voters, Map<String, Double> merged, double minConfidence) {
    String best = "";
    double greatest = -1;
    for (Map.Entry<String, Double> label : merged.entrySet()) {
      if (label.getValue() > greatest) {
        best = label.getKey();
        greatest = label.getValue();
      }
    }
    boolean abstained = greatest < minConfidence && !best.equals(NULL);
    String field = voters.get(0).confidence().field();
    return new FieldConfidence(field, best, greatest, merged, abstained);
  }

  private static double weight(Ballot ballot) {
    int labels = ballot.confidence().distribution().size();
    double entropy = 0;
    for (double p : ballot.confidence().distribution().values()) {
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
    double evidence = labels < 2 ? 1 : 1 - entropy / Math.log(labels);
    return ballot.characters() * Math.max(0, evidence);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
