package io.kaiseki.desk.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.desk.state.Review;
import io.kaiseki.schemas.FieldConfidence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one document but its text.
 *
 * @param row what lists show of it
 * @param language its language tag
 * @param attributes whatever else the sender gave
 * @param answer the answer as the model gave it
 * @param current the answer as people see it, with what they said in place of what the model said
 * @param answerTag tells the model's answer from others; another one that says the same has the
 *     same
 * @param confidences one for each closed field
 * @param reasoning what the model thought
 * @param provenance what produced the answer
 * @param reviews what people said, the latest word on each field or part of one
 * @param letter its dead letter
 * @param source where its text stands; null where that is not known, or is no topic
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Detail(
    Row row,
    @Nullable String language,
    Map<String, String> attributes,
    @Nullable JsonNode answer,
    @Nullable JsonNode current,
    @Nullable String answerTag,
    List<Confidence> confidences,
    @Nullable String reasoning,
    @Nullable JsonNode provenance,
    List<Word> reviews,
    @Nullable Letter letter,
    @Nullable Source source) {

  /** The model's probability for a closed field. */
  public record Confidence(
      String field,
      String label,
      double probability,
      Map<String, Double> distribution,
      boolean abstained) {

    static Confidence of(FieldConfidence confidence) {
      return new Confidence(
          confidence.getField(),
          confidence.getLabel(),
          confidence.getProbability(),
          confidence.getDistribution(),
          confidence.getAbstained());
    }
  }

  /** A person's word on a field, or on a part of one. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Word(
      String field, @Nullable String old, @Nullable String value, String by, Instant at) {

    /** As the view keeps it. */
    public static Word of(Review review) {
      return new Word(
          review.getField(), review.getOld(), review.getValue(), review.getBy(), review.getAt());
    }
  }

  /** Why there is no result, or was none before. */
  public record Letter(
      String reason,
      String message,
      String stage,
      String analysisVersion,
      int attempts,
      Instant failedAt,
      Source source) {}

  /** Coordinates of a record. */
  public record Source(String topic, int partition, long offset) {}
}
