package io.kaiseki.pipelines.eval.metrics;

import java.util.List;
import java.util.Optional;

/**
 * Beta calibration after Kull, Silva Filho and Flach, "Beta calibration: a well-founded and easily
 * implemented improvement on logistic calibration for binary classifiers" (2017), of the confidence
 * in the label that was answered: {@code p' = 1 / (1 + exp(-(a ln p - b ln(1 - p) + c)))}. Unlike a
 * temperature it can say that a model is right where it is fairly sure and too sure at the top.
 * {@code a} and {@code b} are never negative, so that who was surer stays surer.
 *
 * @param a slope at low confidences; 1 changes nothing
 * @param b slope at high confidences; 1 changes nothing
 * @param c shift; 0 changes nothing
 * @param halves judgements, in their order, each with a confidence under what was fitted on the
 *     other half of the documents. Their distributions are as they were.
 */
public record BetaCalibration(double a, double b, double c, List<Judgement> halves) {

  /** A probability of 0 or 1 has no logarithm to calibrate. */
  private static final double FLOOR = 1e-7;

  /**
   * How strongly coefficients are drawn to those that change nothing, in documents. It decides
   * nothing where there are many, and keeps them finite where all answers are right.
   */
  private static final double PRIOR = 0.1;

  private static final double[] IDENTITY = {1, 1, 0};
  private static final int MOST_STEPS = 100;

  /** Of the fall that the slope promises for a step, the part that is enough (Armijo, 1966). */
  private static final double ENOUGH = 1e-4;

  private static final double SMALLEST_STEP = 1e-9;

  public BetaCalibration {
    halves = List.copyOf(halves);
  }

  /**
   * Fits on the documents that were answered.
   *
   * @return empty where fewer than two were answered
   */
  public static Optional<BetaCalibration> of(List<Judgement> judgements) {
    List<Judgement> answered = judgements.stream().filter(Judgement::answered).toList();
    if (answered.size() < 2) {
      return Optional.empty();
    }
    List<Judgement> halves =
        Halves.corrected(
            judgements,
            BetaCalibration::fit,
            (fitted, judgement) ->
                judgement.withConfidence(probability(fitted, judgement.confidence())));
    double[] all = fit(answered);
    return Optional.of(new BetaCalibration(all[0], all[1], all[2], halves));
  }

  /** How often an answer of this confidence, 0 to 1, is right. */
  public double probability(double confidence) {
    return probability(new double[] {a, b, c}, confidence);
  }

  /** The coefficients of least log loss under the prior, none of the slopes negative. */
  private static double[] fit(List<Judgement> answered) {
    boolean[] free = {true, true, true};
    double[] found = newton(answered, free);
    while (found[0] < 0 || found[1] < 0) {
      // Without one slope, the other may turn negative too.
      free[found[0] < 0 ? 0 : 1] = false;
      found = newton(answered, free);
    }
    return found;
  }

  /**
   * Newton's method; a coefficient that is not free is 0. The loss is strictly convex, so with
   * steps that all lower it enough there is one place to end.
   */
  private static double[] newton(List<Judgement> answered, boolean[] free) {
    double[] at = IDENTITY.clone();
    for (int i = 0; i < at.length; i++) {
      at[i] = free[i] ? at[i] : 0;
    }
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] gradient = new double[3];
      double[][] curvature = new double[3][3];
      for (Judgement judgement : answered) {
        double[] x = features(judgement.confidence());
        double p = sigmoid(x, at);
        double off = p - (judgement.leaningRight() ? 1 : 0);
        for (int i = 0; i < 3; i++) {
          gradient[i] += off * x[i];
          for (int j = 0; j < 3; j++) {
            curvature[i][j] += p * (1 - p) * x[i] * x[j];
          }
        }
      }
      for (int i = 0; i < 3; i++) {
        gradient[i] += PRIOR * (at[i] - IDENTITY[i]);
        curvature[i][i] += PRIOR;
        if (!free[i]) {
          gradient[i] = 0;
          for (int j = 0; j < 3; j++) {
            curvature[i][j] = curvature[j][i] = i == j ? 1 : 0;
          }
        }
      }
      Optional<double[]> lower = lower(answered, at, solve(curvature, gradient), gradient);
      if (lower.isEmpty()) {
        break;
      }
      at = lower.get();
    }
    return at;
  }

  /**
   * Where the loss is lower in the direction of a move; empty where no more than rounding is left.
   * A whole move can overshoot where confidences are near 1. It is made shorter and keeps its
   * direction: bounded coefficient by coefficient, it may go uphill, and moves go to and fro.
   */
  private static Optional<double[]> lower(
      List<Judgement> answered, double[] at, double[] move, double[] gradient) {
    double loss = loss(answered, at);
    double promised = 0;
    double greatest = 0;
    for (int i = 0; i < 3; i++) {
      promised += gradient[i] * move[i];
      greatest = Math.max(greatest, Math.abs(move[i]));
    }
    for (double length = 1; length * greatest >= SMALLEST_STEP; length /= 2) {
      double[] next = at.clone();
      for (int i = 0; i < 3; i++) {
        next[i] -= length * move[i];
      }
      if (loss(answered, next) < loss - ENOUGH * length * promised) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /** The log loss in nats, and what the prior adds to it. */
  private static double loss(List<Judgement> answered, double[] at) {
    double loss = 0;
    for (int i = 0; i < 3; i++) {
      loss += PRIOR / 2 * (at[i] - IDENTITY[i]) * (at[i] - IDENTITY[i]);
    }
    for (Judgement judgement : answered) {
      double logit = logit(features(judgement.confidence()), at);
      double against = judgement.leaningRight() ? -logit : logit;
      // ln(1 + exp(against)), for any size of it.
      loss += Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against)));
    }
    return loss;
  }

  /** Cramer's rule; the matrix is positive definite. */
  private static double[] solve(double[][] m, double[] v) {
    double whole = determinant(m);
    double[] found = new double[3];
    for (int column = 0; column < 3; column++) {
      double[][] replaced = new double[3][];
      for (int row = 0; row < 3; row++) {
        replaced[row] = m[row].clone();
        replaced[row][column] = v[row];
      }
      found[column] = determinant(replaced) / whole;
    }
    return found;
  }

  private static double determinant(double[][] m) {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  }

  private static double[] features(double confidence) {
    double p = Math.max(FLOOR, Math.min(1 - FLOOR, confidence));
    return new double[] {Math.log(p), -Math.log(1 - p), 1};
  }

  private static double probability(double[] coefficients, double confidence) {
    return sigmoid(features(confidence), coefficients);
  }

  private static double sigmoid(double[] x, double[] coefficients) {
    return 1 / (1 + Math.exp(-logit(x, coefficients)));
  }

  private static double logit(double[] x, double[] coefficients) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      sum += x[i] * coefficients[i];
    }
    return sum;
  }
}
