package io.kaiseki.desk.model;

import io.kaiseki.desk.state.AnswerCard;
import io.kaiseki.desk.state.AnsweredField;
import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.desk.state.Review;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts what is learnt about a document together. The order in which the topics tell it makes no
 * difference, and being told the same twice changes nothing.
 */
public final class Entries {

  private Entries() {}

  /**
   * The entry after a change.
   *
   * @param before what was known; null for a document that is new to the desk
   * @param now when the change was learnt
   */
  public static Entry after(String id, @Nullable Entry before, Change change, Instant now) {
    Entry.Builder entry = before == null ? Entry.newBuilder().setId(id) : Entry.newBuilder(before);
    entry.setChangedAt(now);
    if (change instanceof Change.Received received) {
      entry.setDocument(newer(before, received.document()));
    } else if (change instanceof Change.Answered answered) {
      AnswerCard answer = answered.answer();
      entry.setAnswer(answer);
      if (before == null || before.getFirstAnsweredAt() == null) {
        entry.setFirstAnsweredAt(answer.getCompletedAt());
      }
    } else if (change instanceof Change.Failed failed) {
      entry.setLetter(newer(before, failed.letter()));
    } else if (change instanceof Change.Reviewed reviewed) {
      entry.setReviews(
          reviews(before == null ? List.of() : before.getReviews(), reviewed.review()));
    } else if (change instanceof Change.Forgotten) {
      throw new IllegalArgumentException("there is no entry after it is forgotten");
    }
    Entry after = entry.build();
    boolean measurable = after.getDocument() != null && after.getFirstAnsweredAt() != null;
    return measurable && !after.getLatencyCounted()
        ? Entry.newBuilder(after).setLatencyCounted(true).build()
        : after;
  }

  /** The value of a field as people see it: what a person said, or else what the model said. */
  public static @Nullable String value(Entry entry, String field) {
    for (Review review : entry.getReviews()) {
      if (review.getField().equals(field)) {
        return review.getValue();
      }
    }
    AnswerCard answer = entry.getAnswer();
    if (answer == null) {
      return null;
    }
    String answered =
        answer.getFields().stream()
            .filter(one -> one.getName().equals(field))
            .findFirst()
            .map(AnsweredField::getValue)
            .orElse(null);
    return answered == null ? null : CorrectedAnswer.of(field, answered, entry.getReviews());
  }

  /** A document that was sent again, such as by a redrive, replaces what was known of it. */
  private static DocumentCard newer(@Nullable Entry before, DocumentCard document) {
    DocumentCard known = before == null ? null : before.getDocument();
    boolean older =
        known != null
            && known.getTopic().equals(document.getTopic())
            && known.getPartition() == document.getPartition()
            && known.getOffset() > document.getOffset();
    return older ? known : document;
  }

  private static LetterCard newer(@Nullable Entry before, LetterCard letter) {
    LetterCard known = before == null ? null : before.getLetter();
    return known != null && known.getFailedAt().isAfter(letter.getFailedAt()) ? known : letter;
  }

  private static List<Review> reviews(List<Review> before, Review review) {
    List<Review> reviews = new ArrayList<>();
    for (Review one : before) {
      if (one.getField().equals(review.getField())) {
        if (one.getAt().isAfter(review.getAt())) {
          return before;
        }
      } else if (!CorrectedAnswer.isPart(one, review.getField())) {
        reviews.add(one);
      }
    }
    reviews.add(review);
    reviews.sort(Comparator.comparing(Review::getAt));
    return reviews;
  }
}
