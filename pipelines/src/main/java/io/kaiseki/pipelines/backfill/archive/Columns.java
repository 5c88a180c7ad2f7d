package io.kaiseki.pipelines.backfill.archive;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a row, or field of a JSON object, is which part of a document. A part without a
 * name is looked for under the usual ones. A name that begins with a slash is a JSON pointer (RFC
 * 6901) in JSON and a plain name elsewhere.
 *
 * @param id null: {@code id}; a row without it is named after its file and number
 * @param text null: {@code text}, {@code body}, {@code content} or {@code message}
 * @param title null: {@code title} or {@code subject}
 * @param language null: {@code language} or {@code lang}
 * @param received null: {@code receivedAt}, {@code received_at}, {@code received}, {@code date} or
 *     {@code timestamp}
 */
public record Columns(
    @Nullable String id,
    @Nullable String text,
    @Nullable String title,
    @Nullable String language,
    @Nullable String received)
    implements Serializable {

  /** The usual names for everything. */
  public static final Columns USUAL = new Columns(null, null, null, null, null);

  static final List<String> USUAL_ID = List.of("id");
  static final List<String> USUAL_TEXT = List.of("text", "body", "content", "message");
  static final List<String> USUAL_TITLE = List.of("title", "subject");
  static final List<String> USUAL_LANGUAGE = List.of("language", "lang");
  static final List<String> USUAL_RECEIVED =
      List.of("receivedAt", "received_at", "received", "date", "timestamp");

  /** The names that were given. */
  List<String> named() {
    return Stream.of(id, text, title, language, received).filter(Objects::nonNull).toList();
  }
}
