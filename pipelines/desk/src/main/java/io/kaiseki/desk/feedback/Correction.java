package io.kaiseki.desk.feedback;

import io.kaiseki.desk.model.Column;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.schemas.feedback.FeedbackValue;
import io.kaiseki.schemas.feedback.FieldPath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person says about a field or a part of one, before it is written.
 *
 * @param field path of what is meant, such as {@code category} or {@code lines[0].kind}
 * @param value what is right, as text, of lists and records as JSON; null for null
 */
public record Correction(String field, @Nullable String value) {

  /** Most characters of a value. */
  private static final int LONGEST = 4_000;

  /** The same for a list or record. */
  private static final int LONGEST_JSON = 32_000;

  /** What is wrong with it, in words; empty if what is meant can have this value. */
  public Optional<String> problem(Columns columns) {
    Optional<Column> found =
        Optional.ofNullable(field).flatMap(FieldPath::parse).flatMap(columns::at);
    if (found.isEmpty()) {
      return Optional.of(
          "field '"
              + field
              + "' is none of the answer's; expected one of "
              + String.join(", ", columns.all().stream().map(Column::name).toList())
              + ", or a part of one, such as lines[0].kind");
    }
    Column column = found.get();
    if (value == null) {
      return column.nullable()
          ? Optional.empty()
          : Optional.of("field '" + field + "' can't be null");
    }
    boolean json =
        switch (column.kind()) {
          case RECORD, LIST, OTHER -> true;
          default -> false;
        };
    int longest = json ? LONGEST_JSON : LONGEST;
    if (value.length() > longest) {
      return Optional.of("the value has more than " + longest + " characters");
    }
    if (json) {
      return problemOfJson(column, value);
    }
    if (column.kind() == Column.Kind.TEXT && !column.nullable() && value.isBlank()) {
      // Nobody could tell it from a field that is yet to be filled, and no evaluation takes it.
      return Optional.of("field '" + field + "' must have some text");
    }
    return column.accepts(value)
        ? Optional.empty()
        : Optional.of(
            column.kind().closed()
                ? "field '%s' can't be '%s'; expected %s".formatted(field, value, column.expected())
                : "field '%s' must be %s".formatted(field, column.expected()));
  }

  private Optional<String> problemOfJson(Column column, String given) {
    try {
      return ValueCheck.problem(column, FeedbackValue.tree(given), field);
    } catch (IllegalArgumentException e) {
      return Optional.of("field '" + field + "' must be given as JSON");
    }
  }
}
