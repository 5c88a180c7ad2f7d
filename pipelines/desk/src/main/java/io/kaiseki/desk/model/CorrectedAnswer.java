package io.kaiseki.desk.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.desk.state.Review;
import io.kaiseki.schemas.feedback.FeedbackValue;
import io.kaiseki.schemas.feedback.FieldPath;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An answer as people see it: what they said of it in place of what the model said. A word on a
 * part of a field holds as long as the answer says there what it said when the word was given, and
 * as long as nobody has said anything of the whole field.
 */
public final class CorrectedAnswer {

  private CorrectedAnswer() {}

  /**
   * The answer with everything that was said of it.
   *
   * @param answer as the model gave it; it stays as it is
   * @param schema its schema
   */
  public static ObjectNode of(ObjectNode answer, Schema schema, List<Review> reviews) {
    ObjectNode corrected = answer.deepCopy();
    for (Review review : reviews) {
      FieldPath path = FieldPath.parse(review.getField()).orElse(null);
      if (path != null && (path.isWhole() || holds(path, review, answer, reviews))) {
        path.in(schema).ifPresent(type -> put(path, review.getValue(), type, corrected));
      }
    }
    return corrected;
  }

  /** The text of one field, of whose parts something may have been said. */
  static String of(String field, String answered, List<Review> reviews) {
    List<Review> parts = reviews.stream().filter(review -> isPart(review, field)).toList();
    if (parts.isEmpty()) {
      return answered;
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    try {
      answer.set(field, FeedbackValue.tree(answered));
    } catch (IllegalArgumentException e) {
      return answered;
    }
    ObjectNode corrected = answer.deepCopy();
    for (Review review : parts) {
      FieldPath path = FieldPath.parse(review.getField()).orElseThrow();
      if (holds(path, review, answer, reviews)) {
        path.put(corrected, like(path.in(answer), review.getValue()));
      }
    }
    return Objects.requireNonNullElse(FeedbackValue.text(corrected.path(field)), answered);
  }

  /** Whether something was said of a part of this field. */
  static boolean isPart(Review review, String field) {
    // Most reviews are of whole fields, and need not be taken apart.
    return review.getField().length() > field.length()
        && review.getField().startsWith(field)
        && FieldPath.parse(review.getField())
            .filter(path -> path.field().equals(field) && !path.isWhole())
            .isPresent();
  }

  private static boolean holds(
      FieldPath path, Review review, ObjectNode answer, List<Review> reviews) {
    return reviews.stream().noneMatch(other -> other.getField().equals(path.field()))
        && !path.in(answer).isMissingNode()
        && FeedbackValue.isText(review.getOld(), path.in(answer));
  }

  private static void put(
      FieldPath path, @Nullable String value, Schema type, ObjectNode corrected) {
    try {
      path.put(corrected, FeedbackValue.json(value, type));
    } catch (IllegalArgumentException e) {
      // A word that this field can't have, from elsewhere or of an older schema, is not shown.
    }
  }

  /** A value of the kind of another one, where the schema is not at hand. */
  private static JsonNode like(JsonNode before, @Nullable String value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value == null) {
      return nodes.nullNode();
    }
    try {
      if (before.isContainerNode()) {
        return FeedbackValue.tree(value);
      }
      if (before.isBoolean()) {
        return nodes.booleanNode(Boolean.parseBoolean(value));
      }
      return before.isNumber() ? DecimalNode.valueOf(new BigDecimal(value)) : nodes.textNode(value);
    } catch (IllegalArgumentException e) {
      return nodes.textNode(value);
    }
  }
}
