package io.kaiseki.pipelines.backfill.archive;

import io.kaiseki.schemas.Document;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a document of a row. */
final class RowMapping {

  private final ArchiveFile file;
  private final Columns columns;
  private final Instant modified;

  RowMapping(ArchiveFile file, Columns columns, Instant modified) {
    this.file = file;
    this.columns = columns;
    this.modified = modified;
  }

  /**
   * Maps a row.
   *
   * @param values gives the value of a column; null where the row has none
   */
  Document document(Function<String, @Nullable String> values, long row)
      throws UnreadableException {
    String text =
        find(values, columns.text(), Columns.USUAL_TEXT)
            .orElseThrow(() -> missing("text", columns.text(), Columns.USUAL_TEXT));
    return Document.newBuilder()
        .setId(id(values, row))
        .setTitle(find(values, columns.title(), Columns.USUAL_TITLE).orElse(null))
        .setBody(text)
        .setLanguage(
            find(values, columns.language(), Columns.USUAL_LANGUAGE)
                .filter(language -> !language.isBlank())
                .orElse(null))
        .setReceivedAt(received(values))
        .build();
  }

  private String id(Function<String, @Nullable String> values, long row)
      throws UnreadableException {
    Optional<String> id =
        find(values, columns.id(), Columns.USUAL_ID).filter(found -> !found.isBlank());
    if (id.isEmpty() && columns.id() != null) {
      throw missing("id", columns.id(), Columns.USUAL_ID);
    }
    return id.orElseGet(() -> file.rowId(row));
  }

  private Instant received(Function<String, @Nullable String> values) throws UnreadableException {
    Optional<String> text =
        find(values, columns.received(), Columns.USUAL_RECEIVED).filter(found -> !found.isBlank());
    Optional<Instant> time = text.flatMap(found -> ReceivedTime.parse(found.strip()));
    // A column that happens to have a usual name may hold something else; a named one may not.
    if (text.isPresent() && time.isEmpty() && columns.received() != null) {
      throw new UnreadableException(
          "has no time in column "
              + columns.received()
              + "; expected one such as"
              + " 2026-01-31T08:00:00Z");
    }
    return time.orElse(modified);
  }

  private static Optional<String> find(
      Function<String, @Nullable String> values, @Nullable String name, List<String> usual) {
    List<String> names = name == null ? usual : List.of(name);
    return names.stream().map(values).filter(Objects::nonNull).findFirst();
  }

  private static UnreadableException missing(
      String part, @Nullable String name, List<String> usual) {
    return new UnreadableException(
        "has no "
            + part
            + ": there is nothing in column "
            + (name == null ? String.join(" or ", usual) : name)
            + "; --"
            + part
            + " names the column");
  }
}
