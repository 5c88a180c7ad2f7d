package io.kaiseki.desk.feedback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaiseki.desk.model.Column;
import io.kaiseki.desk.model.Columns;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person says about a field, before it is written.
 *
 * @param field name of the field
 * @param value what is right, as text; null for null
 */
public record Correction(String field, @Nullable String value) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Most characters of a value. */
  private static final int LONGEST = 4_000;

  /** What is wrong with it, in words; empty if the field can have this value. */
  public Optional<String> problem(Columns columns) {
    Optional<Column> found = columns.named(field);
    if (found.isEmpty()) {
      return Optional.of(
          "field '"
              + field
              + "' is none of the answer's; expected one of "
              + String.join(", ", columns.all().stream().map(Column::name).toList()));
    }
    Column column = found.get();
    if (value == null) {
      return column.nullable()
          ? Optional.empty()
          : Optional.of("field '" + field + "' can't be null");
    }
    if (value.length() > LONGEST) {
      return Optional.of("the value has more than " + LONGEST + " characters");
    }
    if (!column.accepts(value)) {
      return Optional.of(
          column.kind().closed()
              ? "field '%s' can't be '%s'; expected one of %s"
                  .formatted(
                      field,
                      value,
                      String.join(", ", column.labels().stream().map(Column.Label::name).toList()))
              : "field '" + field + "' must be a number");
    }
    return column.kind() == Column.Kind.OTHER && !isContainer(value)
        ? Optional.of("field '" + field + "' must be given as JSON")
        : Optional.empty();
  }

  private static boolean isContainer(String value) {
    try {
      JsonNode node = JSON.readTree(value);
      return node != null && node.isContainerNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
