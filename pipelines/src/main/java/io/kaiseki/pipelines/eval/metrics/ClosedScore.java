package io.kaiseki.pipelines.eval.metrics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything about one closed field.
 *
 * @param accuracy documents whose answer is right; those that failed are wrong
 * @param confusions which label was taken for which
 * @param trust how far confidences can be trusted; empty where no answer has one
 * @param coverage documents with a label in the answer: they did not fail, and the model did not
 *     abstain
 * @param accuracyOfKept of those, the ones whose label is right
 * @param outOfScope how out-of-scope documents fared; empty where none are known
 */
public record ClosedScore(
    Proportion accuracy,
    Confusions confusions,
    Optional<Trust> trust,
    Proportion coverage,
    Proportion accuracyOfKept,
    Optional<OutOfScope> outOfScope) {

  /**
   * Confidences against what is true. An answer without a confidence is not in it.
   *
   * @param reliability confidence against accuracy, as the product reports confidence
   * @param logLoss mean {@code -log p(truth)} in nats, as the product reports probabilities
   * @param scaling what a temperature would make of it; empty with fewer than two answers
   * @param calibration what beta calibration would make of it; empty with fewer than two answers
   * @param riskCoverage what is left of the errors when only the surest answers are used
   * @param rightFromWrong AUROC of the confidence for right against wrong labels; empty where all
   *     are one of them
   */
  public record Trust(
      Reliability reliability,
      double logLoss,
      Optional<TemperatureScaling> scaling,
      Optional<BetaCalibration> calibration,
      RiskCoverage riskCoverage,
      OptionalDouble rightFromWrong) {

    private static Optional<Trust> of(List<Judgement> inScope) {
      List<Judgement> confident = inScope.stream().filter(Judgement::hasConfidence).toList();
      if (confident.isEmpty()) {
        return Optional.empty();
      }
      List<Judgement> withFailed =
          inScope.stream()
              .filter(judgement -> judgement.hasConfidence() || !judgement.answered())
              .toList();
      return Optional.of(
          new Trust(
              Reliability.of(confident),
              TemperatureScaling.logLoss(confident),
              TemperatureScaling.of(confident),
              BetaCalibration.of(confident),
              RiskCoverage.of(withFailed),
              Separation.auroc(confidences(confident, true), confidences(confident, false))));
    }

    /** The expected calibration error under fitted temperatures; empty without them. */
    public OptionalDouble eceScaled() {
      return ece(scaling.map(TemperatureScaling::halves));
    }

    /** The expected calibration error under fitted beta calibrations; empty without them. */
    public OptionalDouble eceCalibrated() {
      return ece(calibration.map(BetaCalibration::halves));
    }

    private static OptionalDouble ece(Optional<List<Judgement>> corrected) {
      return corrected
          .map(judgements -> OptionalDouble.of(Reliability.of(judgements).ece()))
          .orElseGet(OptionalDouble::empty);
    }

    private static List<Double> confidences(List<Judgement> judgements, boolean right) {
      return judgements.stream()
          .filter(judgement -> judgement.leaningRight() == right)
          .map(Judgement::confidence)
          .toList();
    }
  }

  /**
   * Documents that no label fits.
   *
   * @param left those that the model left without a label: it abstained or said null, or the
   *     document failed
   * @param auroc AUROC of {@link Judgement#belonging()} for documents that a label fits against
   *     those out of scope, all answered with a confidence; empty where a side is. Those whose
   *     field shall be empty are on neither
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
        Trust.of(inScope),
        new Proportion(kept.size(), inScope.size()),
        right(kept),
        outOfScope.isEmpty() ? Optional.empty() : Optional.of(outside(inScope, outOfScope)));
  }

  private static OutOfScope outside(List<Judgement> inScope, List<Judgement> outOfScope) {
    long left =
        outOfScope.stream()
            .filter(
                judgement ->
                    !judgement.kept()
                        || judgement.label().filter(Judgement.NULL::equals).isPresent())
            .count();
    List<Judgement> fitted =
        inScope.stream().filter(judgement -> !judgement.truth().equals(Judgement.NULL)).toList();
    return new OutOfScope(
        new Proportion((int) left, outOfScope.size()),
        Separation.auroc(belonging(fitted), belonging(outOfScope)));
  }

  private static List<Double> belonging(List<Judgement> judgements) {
    return judgements.stream().filter(Judgement::hasConfidence).map(Judgement::belonging).toList();
  }

  private static Proportion right(List<Judgement> judgements) {
    return new Proportion(
        (int) judgements.stream().filter(Judgement::right).count(), judgements.size());
  }
}
