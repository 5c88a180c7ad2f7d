package io.kaiseki.pipelines.eval.metrics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything about one closed field.
 *
 * @param accuracy documents whose answer is right; those that failed are wrong
 * @param confusions which label was taken for which
 * @param reliability confidence against accuracy, as the product reports confidence
 * @param logLoss mean {@code -log p(truth)} in nats, as the product reports probabilities
 * @param scaling what a temperature would make of it; empty with fewer than two answers
 * @param calibration what beta calibration would make of it; empty with fewer than two answers
 * @param riskCoverage what is left of the errors when only the surest answers are used
 * @param coverage documents with a label in the answer: they did not fail, and the model did not
 *     abstain
 * @param accuracyOfKept of those, the ones whose label is right
 * @param rightFromWrong AUROC of the confidence for right against wrong labels; empty where all are
 *     one of them
 * @param outOfScope how out-of-scope documents fared; empty where none are known
 */
public record ClosedScore(
    Proportion accuracy,
    Confusions confusions,
    Reliability reliability,
    double logLoss,
    Optional<TemperatureScaling> scaling,
    Optional<BetaCalibration> calibration,
    RiskCoverage riskCoverage,
    Proportion coverage,
    Proportion accuracyOfKept,
    OptionalDouble rightFromWrong,
    Optional<OutOfScope> outOfScope) {

  /**
   * Documents that no label fits.
   *
   * @param left those that the model left without a label: it abstained or said null, or the
   *     document failed
   * @param auroc AUROC of {@link Judgement#belonging()} for in-scope against out-of-scope documents
   *     that were answered; empty where a side is
   */
  public record OutOfScope(Proportion left, OptionalDouble auroc) {}

  /**
   * Over documents.
   *
   * @param inScope documents with a true label
   * @param outOfScope documents that no label fits; they count in nothing but that part
   */
  public static ClosedScore of(List<Judgement> inScope, List<Judgement> outOfScope) {
    List<Judgement> kept = inScope.stream().filter(Judgement::kept).toList();
    return new ClosedScore(
        right(inScope),
        Confusions.of(inScope),
        Reliability.of(inScope),
        TemperatureScaling.logLoss(inScope),
        TemperatureScaling.of(inScope),
        BetaCalibration.of(inScope),
        RiskCoverage.of(inScope),
        new Proportion(kept.size(), inScope.size()),
        right(kept),
        Separation.auroc(
            inScope.stream().filter(Judgement::leaningRight).map(Judgement::confidence).toList(),
            inScope.stream()
                .filter(judgement -> judgement.answered() && !judgement.leaningRight())
                .map(Judgement::confidence)
                .toList()),
        outOfScope.isEmpty() ? Optional.empty() : Optional.of(outside(inScope, outOfScope)));
  }

  /** The expected calibration error under fitted temperatures; empty without them. */
  public OptionalDouble eceScaled() {
    return scaling
        .map(fitted -> OptionalDouble.of(Reliability.of(fitted.halves()).ece()))
        .orElseGet(OptionalDouble::empty);
  }

  /** The expected calibration error under fitted beta calibrations; empty without them. */
  public OptionalDouble eceCalibrated() {
    return calibration
        .map(fitted -> OptionalDouble.of(Reliability.of(fitted.halves()).ece()))
        .orElseGet(OptionalDouble::empty);
  }

  private static OutOfScope outside(List<Judgement> inScope, List<Judgement> outOfScope) {
    long left =
        outOfScope.stream()
            .filter(
                judgement ->
                    !judgement.kept()
                        || judgement.label().filter(Judgement.NULL::equals).isPresent())
            .count();
    return new OutOfScope(
        new Proportion((int) left, outOfScope.size()),
        Separation.auroc(belonging(inScope), belonging(outOfScope)));
  }

  private static List<Double> belonging(List<Judgement> judgements) {
    return judgements.stream().filter(Judgement::answered).map(Judgement::belonging).toList();
  }

  private static Proportion right(List<Judgement> judgements) {
    return new Proportion(
        (int) judgements.stream().filter(Judgement::right).count(), judgements.size());
  }
}
