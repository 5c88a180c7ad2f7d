package io.kaiseki.inference.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the probability of each alternative under the model, renormalised over the alternatives.
 *
 * <p>The logits at the first parting give the mass of every branch. A branch that holds several
 * alternatives is resolved by a probe: the model reads the branch's tokens beside the answer, and
 * its logits part the mass further. Branches under {@link #NEGLIGIBLE} are not worth a probe; their
 * mass is shared evenly, which bounds the error of any probability by that mass.
 */
final class ChoiceDecision {

  static final double NEGLIGIBLE = 1e-4;

  private record Probe(ChoiceTable.Node node, double mass) {}

  private ChoiceTable table;
  private double[] mass = new double[16];
  private List<Probe> probes = new ArrayList<>();
  private List<Probe> deeper = new ArrayList<>();

  void start(ChoiceTable choiceTable) {
    table = choiceTable;
    if (mass.length < table.size()) {
      mass = new double[table.size()];
    }
    Arrays.fill(mass, 0, table.size(), 0);
    probes.clear();
    deeper.clear();
  }

  /**
   * Takes the logits at the first parting.
   *
   * @throws ArithmeticException if one that counts is no number
   */
  void first(Logits logits) {
    part(table.root(), 1.0, logits);
    advance();
  }

  int probeCount() {
    return probes.size();
  }

  int[] probe(int index) {
    return probes.get(index).node.path();
  }

  /**
   * Takes the logits after a probe.
   *
   * @throws ArithmeticException if one that counts is no number
   */
  void probed(int index, Logits logits) {
    Probe probe = probes.get(index);
    part(probe.node, probe.mass, logits);
  }

  /** Goes on to the probes that the last ones made necessary. */
  void advance() {
    List<Probe> done = probes;
    probes = deeper;
    deeper = done;
    deeper.clear();
  }

  private void part(ChoiceTable.Node node, double nodeMass, Logits logits) {
    List<ChoiceTable.Node> children = node.children();
    float greatest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < children.size(); i++) {
      greatest = Math.max(greatest, logits.get(children.get(i).edge()[0]));
    }
    double sum = 0;
    for (int i = 0; i < children.size(); i++) {
      sum += weight(logits.get(children.get(i).edge()[0]), greatest);
    }
    if (Double.isNaN(sum)) {
      throw new ArithmeticException("the probability of what comes next is no number");
    }
    for (int i = 0; i < children.size(); i++) {
      ChoiceTable.Node child = children.get(i);
      double share = nodeMass * weight(logits.get(child.edge()[0]), greatest) / sum;
      if (child.leaf()) {
        mass[child.alternative()] += share;
      } else if (share > NEGLIGIBLE) {
        deeper.add(new Probe(child, share));
      } else {
        spread(child, share / leaves(child));
      }
    }
  }

  /** Where the model rules out every branch, all are alike. */
  private static double weight(float logit, float greatest) {
    return greatest == Float.NEGATIVE_INFINITY ? 1 : Math.exp(logit - greatest);
  }

  private void spread(ChoiceTable.Node node, double share) {
    if (node.leaf()) {
      mass[node.alternative()] += share;
    } else {
      node.children().forEach(child -> spread(child, share));
    }
  }

  private static int leaves(ChoiceTable.Node node) {
    return node.leaf() ? 1 : node.children().stream().mapToInt(ChoiceDecision::leaves).sum();
  }

  /** Probability of an alternative; all of them sum to 1 once no probe is left. */
  double probability(int alternative) {
    return mass[alternative];
  }

  /** The most probable alternative; the first of equals. */
  int best() {
    int best = 0;
    for (int i = 1; i < table.size(); i++) {
      if (mass[i] > mass[best]) {
        best = i;
      }
    }
    return best;
  }
}
