package io.kaiseki.desk.model;

import com.fasterxml.jackson.annotation.JsonValue;
import io.kaiseki.desk.state.Entry;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a document stands. */
public enum Status {
  /** Received, without an outcome yet. */
  WAITING,
  /** It has a result that nobody has looked at. */
  OPEN,
  /** A person has confirmed or corrected its result. */
  REVIEWED,
  /** It has no result, but a dead letter. */
  FAILED;

  /** As it is written in addresses and answers. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status that is written so; empty where there is none. */
  public static Optional<Status> named(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  /** Where the document of this entry stands. */
  public static Status of(Entry entry) {
    if (entry.getAnswer() != null) {
      return entry.getReviews().isEmpty() ? OPEN : REVIEWED;
    }
    return entry.getLetter() != null ? FAILED : WAITING;
  }
}
