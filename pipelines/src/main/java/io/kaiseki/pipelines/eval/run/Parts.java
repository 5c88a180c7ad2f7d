package io.kaiseki.pipelines.eval.run;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Parts of the documents, alike because each takes every so-manieth of them. Where several runs are
 * compared, they take turns over each part: what the machine does meanwhile befalls all of them.
 */
public final class Parts {

  static final int MOST = 3;

  /** A part of fewer documents would tell more of its first and last ones than of its rate. */
  static final int LEAST_DOCUMENTS = 10;

  private Parts() {}

  /** Up to three parts; one where there are too few documents for more. */
  public static <T> List<List<T>> of(List<T> documents) {
    int count = Math.max(1, Math.min(MOST, documents.size() / LEAST_DOCUMENTS));
    return IntStream.range(0, count)
        .mapToObj(
            part ->
                IntStream.range(0, documents.size())
                    .filter(i -> i % count == part)
                    .mapToObj(documents::get)
                    .toList())
        .toList();
  }
}
