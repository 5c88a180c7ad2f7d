package io.kaiseki.pipelines.eval.score;

import io.kaiseki.pipelines.eval.labels.LabelledField;
import io.kaiseki.pipelines.eval.metrics.McNemar;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two runs over the same documents, field by field, both judged by the labels of this one. An open
 * field is right where it is exactly right.
 *
 * @param former name of the earlier run
 * @param fields by field; one without an answer of the earlier run that can be judged is not among
 *     them
 */
public record Comparison(String former, Map<String, McNemar> fields) {

  private static final String NOTHING_TO_JUDGE =
      " has no answer to it that can be judged by these labels.";

  public Comparison {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** An earlier run, which is the first, against this one, which is the second. */
  public static Comparison of(FormerRun former, Evaluation now) {
    Map<String, McNemar> fields = new LinkedHashMap<>();
    for (LabelledField field : now.labels().fields()) {
      int onlyFormer = 0;
      int onlyNow = 0;
      int compared = 0;
      for (int i = 0; i < now.predictions().size(); i++) {
        Prediction.Field after = now.predictions().get(i).fields().get(field.name());
        Optional<Boolean> before = former.right(now.labels().documents().get(i), field.name());
        if (after != null && before.isPresent()) {
          compared++;
          onlyFormer += before.get() && !after.correct() ? 1 : 0;
          onlyNow += !before.get() && after.correct() ? 1 : 0;
        }
      }
      if (compared > 0) {
        fields.put(field.name(), new McNemar(onlyFormer, onlyNow, compared));
      }
    }
    return new Comparison(former.name(), fields);
  }

  /** How each of some fields stands, one sentence for each. */
  public List<String> sentences(List<LabelledField> of) {
    return of.stream()
        .map(LabelledField::name)
        .map(
            field ->
                field
                    + ": "
                    + Optional.ofNullable(fields.get(field))
                        .map(test -> test.sentence(former, "this run"))
                        .orElse("not compared; " + former + NOTHING_TO_JUDGE))
        .toList();
  }

  /**
   * Two runs over the same labels. A document is right if all these fields of it are; one that has
   * labels for none of them is left out.
   */
  static McNemar ofAll(Evaluation first, Evaluation second, Collection<String> fields) {
    int onlyFirst = 0;
    int onlySecond = 0;
    int compared = 0;
    for (int i = 0; i < first.predictions().size(); i++) {
      Prediction one = first.predictions().get(i);
      Prediction other = second.predictions().get(i);
      if (!Collections.disjoint(one.fields().keySet(), fields)) {
        compared++;
        onlyFirst += right(one, fields) && !right(other, fields) ? 1 : 0;
        onlySecond += !right(one, fields) && right(other, fields) ? 1 : 0;
      }
    }
    return new McNemar(onlyFirst, onlySecond, compared);
  }

  private static boolean right(Prediction prediction, Collection<String> fields) {
    return prediction.fields().entrySet().stream()
        .filter(field -> fields.contains(field.getKey()))
        .allMatch(field -> field.getValue().correct());
  }
}
