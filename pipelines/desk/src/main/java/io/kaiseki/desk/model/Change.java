package io.kaiseki.desk.model;

import io.kaiseki.desk.state.AnswerCard;
import io.kaiseki.desk.state.DocumentCard;
import io.kaiseki.desk.state.LetterCard;
import io.kaiseki.desk.state.Review;
import org.jspecify.annotations.Nullable;

/** What a record of one of the topics tells about a document. */
public sealed interface Change {

  /** Id of the document, where the record itself holds it; null for a tombstone. */
  default @Nullable String id() {
    return null;
  }

  /** It was received. */
  record Received(DocumentCard document) implements Change {
    @Override
    public String id() {
      return document.getId();
    }
  }

  /** It has a result. */
  record Answered(String id, AnswerCard answer) implements Change {}

  /** It has no result, but a dead letter. */
  record Failed(LetterCard letter) implements Change {
    @Override
    public String id() {
      return letter.getId();
    }
  }

  /** A person has said something about one field of its result. */
  record Reviewed(String id, Review review) implements Change {}

  /** Its result was deleted from the results topic, by a tombstone. */
  record Forgotten() implements Change {}
}
