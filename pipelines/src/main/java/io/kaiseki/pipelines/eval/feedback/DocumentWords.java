package io.kaiseki.pipelines.eval.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kaiseki.inference.contract.AnswerType;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.eval.labels.OpenValue;
import io.kaiseki.schemas.Feedback;
import io.kaiseki.schemas.feedback.FeedbackValue;
import io.kaiseki.schemas.feedback.FieldPath;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What people said about one document, as labels. A word on a whole field is its label; where there
 * are only words on parts of it, the label is the answer with these parts put right.
 */
final class DocumentWords {

  private static final String NULL = "null";

  private final Contract contract;
  private int leftOut;

  DocumentWords(Contract contract) {
    this.contract = contract;
  }

  /** Whether a field of feedback means a part of a field of the answer. */
  static boolean isPart(String field) {
    return FieldPath.parse(field).filter(path -> !path.isWhole()).isPresent();
  }

  /** Words that were no label so far. */
  int leftOut() {
    return leftOut;
  }

  /**
   * Labels by field, in the order of the contract.
   *
   * @param said the latest word on each path
   * @param answer the latest answer; null where it is not known
   */
  Map<String, JsonNode> labels(List<Feedback> said, @Nullable ObjectNode answer) {
    Map<String, JsonNode> labels = new LinkedHashMap<>();
    int used = 0;
    for (AnswerType.Field field : contract.type().fields()) {
      Optional<Feedback> whole =
          said.stream().filter(word -> word.getField().equals(field.name())).findFirst();
      List<Feedback> onField = said.stream().filter(word -> isOn(field.name(), word)).toList();
      if (whole.isPresent()) {
        Optional<JsonNode> label = label(field, whole.get().getNew$());
        label.ifPresent(value -> labels.put(field.name(), value));
        // Those on parts came before it.
        used += label.isPresent() ? onField.size() : 0;
      } else if (answer != null) {
        ObjectNode corrected = answer.deepCopy();
        int applied = apply(field, onField, answer, corrected);
        if (applied > 0) {
          labels.put(field.name(), corrected.get(field.name()));
          used += applied;
        }
      }
    }
    leftOut += said.size() - used;
    return labels;
  }

  private int apply(
      AnswerType.Field field, List<Feedback> words, ObjectNode answer, ObjectNode corrected) {
    int applied = 0;
    for (Feedback word : words.stream().sorted(Comparator.comparing(Feedback::getAt)).toList()) {
      FieldPath path = FieldPath.parse(word.getField()).orElseThrow();
      Optional<Schema> type = path.in(contract.schema());
      boolean same = FeedbackValue.isText(word.getOld(), path.in(answer));
      ObjectNode tried = corrected.deepCopy();
      if (same
          && type.isPresent()
          && put(path, word.getNew$(), type.get(), tried)
          && isLabel(tried.get(field.name()), field.type())) {
        corrected.set(field.name(), tried.get(field.name()));
        applied++;
      }
    }
    return applied;
  }

  private static boolean put(
      FieldPath path, @Nullable String value, Schema type, ObjectNode answer) {
    try {
      return path.put(answer, FeedbackValue.json(value, type));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Optional<JsonNode> label(AnswerType.Field field, @Nullable String value) {
    if (field.type().closed()) {
      String label = value == null ? NULL : value;
      return takes(field.type(), label) ? Optional.of(TextNode.valueOf(label)) : Optional.empty();
    }
    try {
      return Optional.of(
              FeedbackValue.json(value, contract.schema().getField(field.name()).schema()))
          .filter(label -> isLabel(label, field.type()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the reader of labels takes this value of an open field: it refuses all or none. */
  private static boolean isLabel(JsonNode value, AnswerType type) {
    try {
      OpenValue.label(value, type);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** An analysis may have had other labels when the word was said. */
  private static boolean takes(AnswerType type, String label) {
    if (type instanceof AnswerType.Nullable nullable) {
      return label.equals(NULL) || takes(nullable.type(), label);
    }
    return type instanceof AnswerType.Enumeration enumeration
        ? enumeration.symbols().contains(label)
        : label.equals("true") || label.equals("false");
  }

  private static boolean isOn(String field, Feedback word) {
    return FieldPath.parse(word.getField()).filter(path -> path.field().equals(field)).isPresent();
  }
}
