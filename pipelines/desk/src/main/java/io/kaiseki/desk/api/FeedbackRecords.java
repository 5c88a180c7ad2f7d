package io.kaiseki.desk.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.desk.feedback.Correction;
import io.kaiseki.desk.model.Column;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.desk.view.Detail;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.feedback.FeedbackValue;
import io.kaiseki.schemas.feedback.FieldPath;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of what a person said of one document. A word on a part of a field is a record of
 * its own as long as the rest of the field is the model's. Where somebody has put the whole field
 * right before, its items may be others than the model's, and the word becomes a new one on the
 * whole field.
 */
final class FeedbackRecords {

  private final Detail detail;
  private final ObjectNode answer;
  private final List<String> problems;

  /** New values of whole fields whose parts are put right, in the order of the corrections. */
  private final Map<String, ObjectNode> rewritten = new LinkedHashMap<>();

  private final Map<String, Word> words = new LinkedHashMap<>();

  /** What is to be written about one path. */
  private record Word(@Nullable String old, @Nullable String right) {}

  /**
   * @param problems takes what can't be written
   */
  FeedbackRecords(Detail detail, JsonNode answer, List<String> problems) {
    this.detail = detail;
    this.answer = (ObjectNode) answer;
    this.problems = problems;
  }

  /** Adds a correction whose path and value are in order by themselves. */
  void correct(Correction correction, Columns columns) {
    FieldPath path = FieldPath.parse(correction.field()).orElseThrow();
    if (!unsaid(path)) {
      problems.add("field '" + path + "' is corrected twice");
      return;
    }
    boolean wholeBefore =
        detail.reviews().stream().anyMatch(word -> word.field().equals(path.field()));
    if (path.isWhole() || !wholeBefore) {
      if (path.in(answer).isMissingNode()) {
        problems.add("the answer has no '" + path + "'");
        return;
      }
      words.put(path.toString(), new Word(FeedbackValue.text(path.in(answer)), correction.value()));
      return;
    }
    ObjectNode current = rewritten.computeIfAbsent(path.field(), field -> current().deepCopy());
    Column column = columns.at(path).orElseThrow();
    if (!path.put(current, json(column, correction.value()))) {
      problems.add("the answer has no '" + path + "'");
      return;
    }
    words.put(
        path.field(),
        new Word(
            FeedbackValue.text(answer.path(path.field())),
            FeedbackValue.text(current.path(path.field()))));
  }

  /**
   * Adds that closed fields are right as the model gave them. Those of which somebody says or has
   * said something else are left out, or the later word would take the earlier one back; and so are
   * those that the answer does not have, as its schema is an older one.
   */
  void confirm(Columns columns) {
    List<String> closed =
        columns.all().stream()
            .filter(column -> column.kind().closed() && answer.has(column.name()))
            .map(Column::name)
            .toList();
    if (closed.isEmpty() && words.isEmpty()) {
      problems.add(
          "there is nothing to confirm: no field of the answer is an enum or boolean; give"
              + " corrections");
    }
    for (String field : closed) {
      String value = FeedbackValue.text(answer.path(field));
      if (!isCorrected(field, value)) {
        words.putIfAbsent(field, new Word(value, value));
      }
    }
  }

  private boolean isCorrected(String field, @Nullable String answered) {
    return detail.reviews().stream()
        .anyMatch(word -> word.field().equals(field) && !Objects.equals(word.value(), answered));
  }

  /** The records, all of the same moment. */
  List<Feedback> records(String analysis, String by, @Nullable String comment, Instant at) {
    JsonNode version =
        detail.provenance() == null ? null : detail.provenance().get("analysisVersion");
    List<Feedback> records = new ArrayList<>();
    words.forEach(
        (field, word) ->
            records.add(
                Feedback.newBuilder()
                    .setDocumentId(detail.row().id())
                    .setAnalysis(analysis)
                    .setAnalysisVersion(version == null ? "" : version.asText())
                    .setField(field)
                    .setOld(word.old())
                    .setNew$(word.right())
                    .setBy(by)
                    .setAt(at)
                    .setComment(comment)
                    .build()));
    return records;
  }

  /** Whether nothing in this request is about the same, or about what it is a part of. */
  private boolean unsaid(FieldPath path) {
    if (path.isWhole()) {
      return words.keySet().stream()
          .noneMatch(
              said ->
                  FieldPath.parse(said)
                      .filter(one -> one.field().equals(path.field()))
                      .isPresent());
    }
    boolean rewrittenField = rewritten.containsKey(path.field());
    return !words.containsKey(path.toString())
        && (rewrittenField || !words.containsKey(path.field()));
  }

  private ObjectNode current() {
    return (ObjectNode) Objects.requireNonNull(detail.current(), "it has an answer");
  }

  private static JsonNode json(Column column, @Nullable String value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value == null) {
      return nodes.nullNode();
    }
    return switch (column.kind()) {
      case RECORD, LIST, OTHER -> FeedbackValue.tree(value);
      case FLAG -> nodes.booleanNode(value.equals("true"));
      case NUMBER -> nodes.numberNode(new BigDecimal(value));
      case LABEL, TEXT, DATE, MOMENT -> nodes.textNode(value);
    };
  }
}
