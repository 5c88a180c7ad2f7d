package io.kaiseki.desk.topology;

import io.kaiseki.desk.model.Status;
import io.kaiseki.desk.state.AnswerCard;
import io.kaiseki.desk.state.AnsweredField;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.Review;
import io.kaiseki.schemas.feedback.FieldPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an entry counts towards. It depends on the entry alone, so that a change is counted by
 * taking away what the entry was and adding what it has become; a count can't drift.
 */
public final class Tallies {

  /** Documents by {@link Status}: {@code status, word}. */
  public static final String STATUS = "status";

  /** Open documents by the values of closed fields: {@code open, field, value}. */
  public static final String OPEN = "open";

  /** Open documents whose result is unsure: {@code unsure}. */
  public static final String UNSURE = "unsure";

  /** Failed documents by reason: {@code failed, reason}. */
  public static final String FAILED = "failed";

  /** Documents by what made their result: {@code version, model, build, analysis version}. */
  public static final String VERSION = "version";

  /** Reviewed fields that the model had right: {@code agreed, field}. */
  public static final String AGREED = "agreed";

  /** Reviewed fields that the model had wrong: {@code corrected, field, answered, right}. */
  public static final String CORRECTED = "corrected";

  /** Stands for null in keys. */
  public static final String NULL = "\u0000";

  private static final String SEPARATOR = "\u001f";

  private Tallies() {}

  /** The key of its parts. */
  public static String key(String... parts) {
    return String.join(SEPARATOR, parts);
  }

  /** The parts of a key. */
  public static List<String> parts(String key) {
    return List.of(key.split(SEPARATOR, -1));
  }

  /** What changes with an entry: each key with the number to add to its count. */
  static Map<String, Long> difference(@Nullable Entry before, @Nullable Entry after) {
    Map<String, Long> difference = new HashMap<>();
    if (before != null) {
      add(before, -1, difference);
    }
    if (after != null) {
      add(after, 1, difference);
    }
    difference.values().removeIf(delta -> delta == 0);
    return difference;
  }

  private static void add(Entry entry, long one, Map<String, Long> sums) {
    Status status = Status.of(entry);
    add(key(STATUS, status.word()), one, sums);
    AnswerCard answer = entry.getAnswer();
    if (answer == null) {
      if (status == Status.FAILED) {
        add(key(FAILED, entry.getLetter().getReason()), one, sums);
      }
      return;
    }
    add(key(VERSION, answer.getModel(), answer.getBuild(), answer.getAnalysisVersion()), one, sums);
    if (status == Status.OPEN) {
      if (answer.getUnsure()) {
        add(UNSURE, one, sums);
      }
      for (AnsweredField field : answer.getFields()) {
        if (field.getClosed()) {
          add(key(OPEN, field.getName(), orNull(field.getValue())), one, sums);
        }
      }
    }
    for (Review review : entry.getReviews()) {
      addReview(answer, review, one, sums);
    }
  }

  private static void addReview(
      AnswerCard answer, Review review, long one, Map<String, Long> sums) {
    FieldPath path = FieldPath.parse(review.getField()).orElse(null);
    if (path != null && !path.isWhole()) {
      addPart(answer, path, review, one, sums);
      return;
    }
    for (AnsweredField field : answer.getFields()) {
      if (!field.getName().equals(review.getField())) {
        continue;
      }
      if (Objects.equals(field.getValue(), review.getValue())) {
        add(key(AGREED, field.getName()), one, sums);
      } else if (field.getClosed()) {
        add(
            key(CORRECTED, field.getName(), orNull(field.getValue()), orNull(review.getValue())),
            one,
            sums);
      } else {
        // Texts stay out of keys: they have no bound, and each would be a count of its own.
        add(key(CORRECTED, field.getName(), "", ""), one, sums);
      }
    }
  }

  /** Of parts, the same ones of all items count together. */
  private static void addPart(
      AnswerCard answer, FieldPath path, Review review, long one, Map<String, Long> sums) {
    if (answer.getFields().stream().anyMatch(field -> field.getName().equals(path.field()))) {
      String part = path.withoutIndexes();
      boolean agreed = Objects.equals(review.getOld(), review.getValue());
      add(agreed ? key(AGREED, part) : key(CORRECTED, part, "", ""), one, sums);
    }
  }

  private static String orNull(@Nullable String value) {
    return value == null ? NULL : value;
  }

  private static void add(String key, long one, Map<String, Long> sums) {
    sums.merge(key, one, Long::sum);
  }
}
