package io.kaiseki.pipelines.eval.metrics;

import java.util.Locale;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;

/**
 * McNemar's exact test (1947) of two runs over the same documents: of those that only one of the
 * runs has right, would a fair coin part them like this?
 *
 * @param onlyFirst documents that only the first run has right
 * @param onlySecond documents that only the second run has right
 * @param compared all documents compared
 */
public record McNemar(int onlyFirst, int onlySecond, int compared) {

  /** The usual bound; under it, the difference is called significant. */
  public static final double SIGNIFICANT = 0.05;

  /** The two-sided p value. 1 where the runs never differ. */
  public double p() {
    int differing = onlyFirst + onlySecond;
    if (differing == 0) {
      return 1;
    }
    // A fair coin's distribution is symmetric. The library's own two-sided test looks for terms no
    // more probable than the one seen, and rounding makes it miss the mirrored one.
    double oneSided =
        BinomialTest.withDefaults()
            .with(AlternativeHypothesis.LESS_THAN)
            .test(differing, Math.min(onlyFirst, onlySecond), 0.5)
            .getPValue();
    return Math.min(1, 2 * oneSided);
  }

  /** Whether the difference is more than chance would often make. */
  public boolean significant() {
    return p() < SIGNIFICANT;
  }

  /**
   * The result as a sentence.
   *
   * @param first name of the first run
   * @param second name of the second run
   */
  public String sentence(String first, String second) {
    String counts =
        String.format(
            Locale.ROOT,
            "Of %d documents, %d are right only in %s and %d only in %s (p = %.3g): ",
            compared,
            onlyFirst,
            first,
            onlySecond,
            second,
            p());
    if (onlyFirst == onlySecond) {
      return counts + "no difference.";
    }
    String better = onlyFirst > onlySecond ? first : second;
    return counts
        + (significant()
            ? better + " is better, and chance hardly explains it."
            : better + " is ahead, but chance explains it too.");
  }
}
