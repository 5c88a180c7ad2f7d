package io.kaiseki.pipelines.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a mistyped one was probably meant to be. */
public final class NearestName {

  private NearestName() {}

  /** The candidate with the fewest edits; empty where even that one is another word altogether. */
  public static Optional<String> of(String given, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(given, candidate)))
        .filter(nearest -> distance(given, nearest) <= Math.max(2, nearest.length() / 3));
  }

  /** Asks whether the nearest candidate was meant; says something else where there is none. */
  public static String hint(String given, Collection<String> candidates, String otherwise) {
    return of(given, candidates).map(nearest -> "did you mean " + nearest + "?").orElse(otherwise);
  }

  /** Levenshtein's edit distance. */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
