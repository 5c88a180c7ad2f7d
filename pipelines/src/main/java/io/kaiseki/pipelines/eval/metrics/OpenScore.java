package io.kaiseki.pipelines.eval.metrics;

import java.util.List;
import java.util.Set;

/**
 * How well texts, quotes, lists and values were found.
 *
 * @param exact documents whose elements are exactly the true ones
 * @param overlapF1 the mean over the documents of {@link Spans#overlap()}
 * @param matched elements, over all documents, that are true and were found
 * @param found elements that were found
 * @param expected elements that are true
 */
public record OpenScore(Proportion exact, double overlapF1, int matched, int found, int expected) {

  /** Over documents. */
  public static OpenScore of(List<Spans> spans) {
    return new OpenScore(
        new Proportion((int) spans.stream().filter(Spans::exact).count(), spans.size()),
        spans.stream().mapToDouble(Spans::overlap).average().orElse(0),
        spans.stream().mapToInt(Spans::matched).sum(),
        spans.stream().mapToInt(span -> Set.copyOf(span.found()).size()).sum(),
        spans.stream().mapToInt(span -> Set.copyOf(span.expected()).size()).sum());
  }

  /** The part of the elements found that are true; 1 where none was found. */
  public double precision() {
    return found == 0 ? 1 : (double) matched / found;
  }

  /** The part of the true elements that were found; 1 where there are none. */
  public double recall() {
    return expected == 0 ? 1 : (double) matched / expected;
  }

  /**
   * The exact-match F1 of elements over all documents: {@code 2 matched / (found + expected)}, as
   * spans are scored since CoNLL-2003 (Tjong Kim Sang and De Meulder). 1 where there are none on
   * either side.
   */
  public double f1() {
    return found + expected == 0 ? 1 : 2.0 * matched / (found + expected);
  }
}
