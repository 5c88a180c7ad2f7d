package io.kaiseki.pipelines.eval.score;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.json.AnswerJson;
import io.kaiseki.pipelines.eval.labels.Label;
import io.kaiseki.pipelines.eval.labels.LabelledDocument;
import io.kaiseki.pipelines.eval.labels.LabelledField;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.pipelines.eval.labels.OpenValue;
import io.kaiseki.pipelines.eval.metrics.ClosedScore;
import io.kaiseki.pipelines.eval.metrics.Judgement;
import io.kaiseki.pipelines.eval.metrics.OpenScore;
import io.kaiseki.pipelines.eval.metrics.Spans;
import io.kaiseki.pipelines.eval.run.Pass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.avro.Schema;

/** Goes through documents and fields once and sets outcomes against labels. */
final class Judge {

  private final Labels labels;
  private final Map<String, List<Judgement>> inScope = new LinkedHashMap<>();
  private final Map<String, List<Judgement>> outOfScope = new LinkedHashMap<>();
  private final Map<String, List<Spans>> spans = new LinkedHashMap<>();
  private final List<Prediction> predictions = new ArrayList<>();

  Judge(Labels labels, Pass pass) {
    this.labels = labels;
    for (LabelledField field : labels.fields()) {
      if (field.closed()) {
        inScope.put(field.name(), new ArrayList<>());
        outOfScope.put(field.name(), new ArrayList<>());
      } else {
        spans.put(field.name(), new ArrayList<>());
      }
    }
    for (int i = 0; i < labels.documents().size(); i++) {
      judge(labels.documents().get(i), pass.outcomes().get(i));
    }
  }

  Map<String, ClosedScore> closed() {
    Map<String, ClosedScore> scores = new LinkedHashMap<>();
    inScope.forEach(
        (field, judgements) ->
            scores.put(
                field, ClosedScore.of(judgements, outOfScope.getOrDefault(field, List.of()))));
    return scores;
  }

  Map<String, OpenScore> open() {
    Map<String, OpenScore> scores = new LinkedHashMap<>();
    spans.forEach((field, found) -> scores.put(field, OpenScore.of(found)));
    return scores;
  }

  List<Prediction> predictions() {
    return predictions;
  }

  private void judge(LabelledDocument document, Outcome outcome) {
    Optional<Completion> completion =
        outcome instanceof Outcome.Answered answered
            ? Optional.of(answered.completion())
            : Optional.empty();
    Optional<FailureReason> failure =
        outcome instanceof Outcome.Failed failed ? Optional.of(failed.reason()) : Optional.empty();
    Map<String, Prediction.Field> fields = new LinkedHashMap<>();
    for (LabelledField field : labels.fields()) {
      Label label = document.labels().get(field.name());
      if (label instanceof Label.Closed closed) {
        Judgement judgement = judgement(field, closed.label(), completion);
        inScope.get(field.name()).add(judgement);
        fields.put(
            field.name(),
            new Prediction.Field(
                judgement.truth(),
                judgement.right(),
                judgement.label(),
                judgement.hasConfidence()
                    ? OptionalDouble.of(judgement.confidence())
                    : OptionalDouble.empty(),
                judgement.abstained()));
      } else if (label instanceof Label.OutOfScope outside) {
        outOfScope.get(field.name()).add(judgement(field, outside.word(), completion));
      } else if (label instanceof Label.Open open) {
        Spans found = spans(field, open.elements(), completion);
        spans.get(field.name()).add(found);
        fields.put(
            field.name(),
            new Prediction.Field(
                document.hash(open),
                found.exact(),
                Optional.empty(),
                OptionalDouble.empty(),
                false));
      }
    }
    boolean thought = completion.filter(Usage::thought).isPresent();
    predictions.add(new Prediction(document.id(), document.hash(), failure, thought, fields));
  }

  private static Judgement judgement(
      LabelledField field, String truth, Optional<Completion> completion) {
    if (completion.isEmpty()) {
      return Judgement.failed(truth);
    }
    for (FieldConfidence confidence : completion.get().confidences()) {
      if (confidence.field().equals(field.name())) {
        return new Judgement(
            truth,
            Optional.of(confidence.label()),
            confidence.probability(),
            confidence.distribution(),
            confidence.abstained());
      }
    }
    // A field of one label is no decision, so no engine tells a confidence for it.
    return field
        .onlyLabel()
        .map(only -> new Judgement(truth, Optional.of(only), 1, Map.of(only, 1.0), false))
        .orElseGet(
            () -> Judgement.withoutConfidence(truth, value(field, completion.get()).asText()));
  }

  private static Spans spans(
      LabelledField field, List<String> expected, Optional<Completion> completion) {
    return completion
        .map(
            answered ->
                new Spans(expected, OpenValue.elements(value(field, answered), field.type()), true))
        .orElseGet(() -> Spans.failed(expected));
  }

  private static JsonNode value(LabelledField field, Completion completion) {
    Schema.Field of = completion.answer().getSchema().getField(field.name());
    return AnswerJson.of(completion.answer().get(of.pos()), of.schema());
  }
}
