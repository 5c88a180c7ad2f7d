package io.kaiseki.desk.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaiseki.desk.model.Entries;
import io.kaiseki.desk.model.Status;
import io.kaiseki.desk.state.AnswerCard;
import io.kaiseki.desk.state.AnsweredField;
import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.desk.state.Review;
import io.kaiseki.schemas.feedback.FieldPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of a list.
 *
 * @param id of the document
 * @param status where it stands
 * @param title its title
 * @param opening its first words
 * @param kind what sort of document it is
 * @param receivedAt when it was received; null until the document itself was seen
 * @param at when it came to where it is: its first result, or its dead letter, or its receipt
 * @param values its fields as people see them, corrections included; long ones cut
 * @param confidences the model's probabilities, by field
 * @param corrected the fields that a person has changed, or parts of them
 * @param least the smallest confidence; 1 where there is none
 * @param unsure whether that is under the threshold of the desk
 * @param reason why it has no result
 * @param closed the values of closed fields alone, for filters
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Row(
    String id,
    Status status,
    @Nullable String title,
    @Nullable String opening,
    @Nullable String kind,
    @Nullable Instant receivedAt,
    Instant at,
    Map<String, String> values,
    Map<String, Double> confidences,
    List<String> corrected,
    double least,
    boolean unsure,
    @Nullable String reason,
    Map<String, String> closed) {

  /** Characters of a value that a list shows. */
  private static final int LONGEST_VALUE = 240;

  /** The row of an entry. */
  public static Row of(Entry entry) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> closed = new LinkedHashMap<>();
    Map<String, Double> confidences = new LinkedHashMap<>();
    AnswerCard answer = entry.getAnswer();
    if (answer != null) {
      for (AnsweredField field : answer.getFields()) {
        String value = Entries.value(entry, field.getName());
        if (value != null) {
          values.put(field.getName(), cut(value));
        }
        if (field.getClosed()) {
          closed.put(field.getName(), value == null ? RowQuery.NULL : value);
        }
        if (field.getConfidence() != null) {
          confidences.put(field.getName(), field.getConfidence());
        }
      }
    }
    DocumentCard document = entry.getDocument();
    Status status = Status.of(entry);
    LetterCard letter = entry.getLetter();
    return new Row(
        entry.getId(),
        status,
        document == null ? null : document.getTitle(),
        document == null ? null : document.getOpening(),
        document == null ? null : document.getKind(),
        document == null ? null : document.getReceivedAt(),
        at(entry),
        values,
        confidences,
        corrected(entry),
        answer == null ? 1 : answer.getLeast(),
        answer != null && answer.getUnsure(),
        status == Status.FAILED && letter != null ? letter.getReason() : null,
        closed);
  }

  private static Instant at(Entry entry) {
    if (entry.getFirstAnsweredAt() != null) {
      return entry.getFirstAnsweredAt();
    }
    if (entry.getLetter() != null) {
      return entry.getLetter().getFailedAt();
    }
    return entry.getDocument() != null ? entry.getDocument().getReceivedAt() : entry.getChangedAt();
  }

  private static List<String> corrected(Entry entry) {
    List<String> corrected = new ArrayList<>();
    for (Review review : entry.getReviews()) {
      String field =
          FieldPath.parse(review.getField()).map(FieldPath::field).orElse(review.getField());
      if (!Objects.equals(review.getOld(), review.getValue()) && !corrected.contains(field)) {
        corrected.add(field);
      }
    }
    return corrected;
  }

  /** What a search looks into: the id, the beginning of the document, and what the list shows. */
  static String searchable(Entry entry, Row row) {
    StringBuilder text = new StringBuilder(entry.getId());
    DocumentCard document = entry.getDocument();
    if (document != null) {
      text.append('\n').append(Objects.toString(document.getTitle(), ""));
      text.append('\n').append(document.getOpening());
      document.getAttributes().values().forEach(value -> text.append('\n').append(cut(value)));
    }
    row.values().values().forEach(value -> text.append('\n').append(value));
    return text.toString();
  }

  private static String cut(String value) {
    if (value.length() <= LONGEST_VALUE) {
      return value;
    }
    boolean torn = Character.isHighSurrogate(value.charAt(LONGEST_VALUE - 1));
    return value.substring(0, torn ? LONGEST_VALUE - 1 : LONGEST_VALUE) + "…";
  }
}
