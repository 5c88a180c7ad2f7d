package io.kaiseki.pipelines.eval.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How often each true label got each answer.
 *
 * @param counts by true label and answer, {@link Judgement#answer()}. A failure is no answer, and
 *     an abstention is one only where the field shall be empty
 * @param unanswered documents of each true label that have no answer
 * @param abstentions those of them, of all labels together, that the model abstained from
 */
public record Confusions(
    Map<String, Map<String, Integer>> counts, Map<String, Integer> unanswered, int abstentions) {

  /** Counts them. */
  public static Confusions of(List<Judgement> judgements) {
    Map<String, Map<String, Integer>> counts = new TreeMap<>();
    Map<String, Integer> unanswered = new TreeMap<>();
    int abstentions = 0;
    for (Judgement judgement : judgements) {
      Optional<String> answer = judgement.answer();
      if (answer.isPresent()) {
        counts
            .computeIfAbsent(judgement.truth(), truth -> new TreeMap<>())
            .merge(answer.get(), 1, Integer::sum);
      } else {
        unanswered.merge(judgement.truth(), 1, Integer::sum);
        abstentions += judgement.abstained() ? 1 : 0;
      }
    }
    return new Confusions(counts, unanswered, abstentions);
  }

  /** One true label that was answered as another. */
  public record Pair(String truth, String answer, int count) {}

  /** The most frequent mistakes, most frequent first, then by name. */
  public List<Pair> pairs(int most) {
    return counts.entrySet().stream()
        .flatMap(
            row ->
                row.getValue().entrySet().stream()
                    .filter(cell -> !cell.getKey().equals(row.getKey()))
                    .map(cell -> new Pair(row.getKey(), cell.getKey(), cell.getValue())))
        .sorted(
            Comparator.comparingInt(Pair::count)
                .reversed()
                .thenComparing(Pair::truth)
                .thenComparing(Pair::answer))
        .limit(most)
        .toList();
  }

  /** All labels that are true of a document or that were answered, by name. */
  public List<String> labels() {
    TreeSet<String> labels = new TreeSet<>(unanswered.keySet());
    counts.forEach(
        (truth, answers) -> {
          labels.add(truth);
          labels.addAll(answers.keySet());
        });
    return List.copyOf(labels);
  }

  /** How often a label was answered as another, or as itself. */
  public int count(String truth, String answer) {
    return counts.getOrDefault(truth, Map.of()).getOrDefault(answer, 0);
  }

  /** Documents of which a label is true. */
  public int support(String label) {
    return counts.getOrDefault(label, Map.of()).values().stream().mapToInt(i -> i).sum()
        + unanswered.getOrDefault(label, 0);
  }

  /**
   * F1 of one label: {@code 2 TP / (2 TP + FP + FN)}. A document without an answer is one that the
   * label missed. An abstention leaves the field empty, so it is right where the field shall be,
   * and where it shall not, {@link Judgement#NULL} took the document.
   */
  public double f1(String label) {
    int right = count(label, label);
    int answers = counts.values().stream().mapToInt(row -> row.getOrDefault(label, 0)).sum();
    int empty = label.equals(Judgement.NULL) ? abstentions : 0;
    int both = support(label) + answers + empty;
    return both == 0 ? 0 : 2.0 * right / both;
  }

  /**
   * The mean F1 over the labels that occur among true labels or answers, each counting the same; a
   * label of the schema that nobody and nothing used is left out. (The default of scikit-learn's
   * {@code f1_score(average="macro")}.) 0 of nothing.
   */
  public double macroF1() {
    return labels().stream().mapToDouble(this::f1).average().orElse(0);
  }
}
