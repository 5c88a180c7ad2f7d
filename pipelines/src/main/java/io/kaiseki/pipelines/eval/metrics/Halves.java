package io.kaiseki.pipelines.eval.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Corrections that are fitted on one half of the answered documents and shown on the other, so that
 * what they show is not the fit's own flattery. One half has those at even and one those at odd
 * positions.
 */
final class Halves {

  private Halves() {}

  /**
   * Judgements in their order, each corrected by what was fitted on the half that it is not in.
   * Documents that failed stay as they are.
   */
  static <F> List<Judgement> corrected(
      List<Judgement> judgements,
      Function<List<Judgement>, F> fit,
      BiFunction<F, Judgement, Judgement> correct) {
    List<Judgement> even = new ArrayList<>();
    List<Judgement> odd = new ArrayList<>();
    for (Judgement judgement : judgements) {
      if (judgement.answered()) {
        (even.size() > odd.size() ? odd : even).add(judgement);
      }
    }
    F ofEven = fit.apply(even);
    F ofOdd = fit.apply(odd);
    List<Judgement> corrected = new ArrayList<>();
    boolean atEven = true;
    for (Judgement judgement : judgements) {
      if (judgement.answered()) {
        corrected.add(correct.apply(atEven ? ofOdd : ofEven, judgement));
        atEven = !atEven;
      } else {
        corrected.add(judgement);
      }
    }
    return corrected;
  }
}
