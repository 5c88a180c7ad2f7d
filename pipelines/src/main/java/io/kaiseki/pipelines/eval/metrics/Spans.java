package io.kaiseki.pipelines.eval.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model found for one open field of one document, beside what is there. A text is one
 * element, a list is all its elements, and null is none.
 *
 * @param expected the true elements
 * @param found the elements of the answer
 * @param answered false where the document failed
 */
public record Spans(List<String> expected, List<String> found, boolean answered) {

  private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

  public Spans {
    expected = List.copyOf(expected);
    found = List.copyOf(found);
  }

  /** Of a document that has no answer. */
  public static Spans failed(List<String> expected) {
    return new Spans(expected, List.of(), false);
  }

  /** Whether exactly the true elements were found, in whatever order. */
  public boolean exact() {
    return answered && Set.copyOf(expected).equals(Set.copyOf(found));
  }

  /** Elements that are true and were found. */
  public int matched() {
    Set<String> both = new HashSet<>(expected);
    both.retainAll(Set.copyOf(found));
    return both.size();
  }

  /**
   * The F1 of the words that both sides have, as in the evaluation of SQuAD (Rajpurkar et al.,
   * 2016): words are runs of letters and digits, case does not matter, and a word counts as often
   * as it occurs. 1 where both sides have no words, 0 where one of them has, and where the document
   * failed.
   */
  public double overlap() {
    if (!answered) {
      return 0;
    }
    List<String> truth = tokens(expected);
    List<String> answer = tokens(found);
    if (truth.isEmpty() || answer.isEmpty()) {
      return truth.isEmpty() && answer.isEmpty() ? 1 : 0;
    }
    Map<String, Integer> left = new HashMap<>();
    truth.forEach(token -> left.merge(token, 1, Integer::sum));
    int common = 0;
    for (String token : answer) {
      int times = left.getOrDefault(token, 0);
      if (times > 0) {
        left.put(token, times - 1);
        common++;
      }
    }
    return 2.0 * common / (truth.size() + answer.size());
  }

  private static List<String> tokens(List<String> elements) {
    List<String> tokens = new ArrayList<>();
    for (String element : elements) {
      Matcher matcher = TOKEN.matcher(element);
      while (matcher.find()) {
        tokens.add(matcher.group().toLowerCase(Locale.ROOT));
      }
    }
    return tokens;
  }
}
