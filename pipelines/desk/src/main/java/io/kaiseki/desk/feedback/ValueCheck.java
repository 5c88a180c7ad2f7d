package io.kaiseki.desk.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaiseki.desk.model.Column;
import java.util.Objects;
import java.util.Optional;

/** Holds a value that a person gives, and everything within it, against what a field can be. */
final class ValueCheck {

  private ValueCheck() {}

  /**
   * What is wrong with a value, in words.
   *
   * @param at where it stands
   */
  static Optional<String> problem(Column column, JsonNode value, String at) {
    if (value.isNull()) {
      return column.nullable() ? Optional.empty() : wrong(at, "can't be null");
    }
    return switch (column.kind()) {
      case RECORD -> value.isObject() ? fields(column, value, at) : unexpected(column, at);
      case LIST -> value.isArray() ? items(column, value, at) : unexpected(column, at);
      case FLAG -> value.isBoolean() ? Optional.empty() : unexpected(column, at);
      case NUMBER ->
          value.isNumber() && column.accepts(value.asText())
              ? Optional.empty()
              : unexpected(column, at);
      case LABEL, TEXT, DATE, MOMENT ->
          value.isTextual() && column.accepts(value.asText())
              ? Optional.empty()
              : unexpected(column, at);
      case OTHER -> Optional.empty();
    };
  }

  private static Optional<String> fields(Column record, JsonNode value, String at) {
    for (Column field : record.fields()) {
      String place = at + "." + field.name();
      Optional<String> problem =
          value.has(field.name())
              ? problem(field, value.get(field.name()), place)
              : wrong(place, "is missing");
      if (problem.isPresent()) {
        return problem;
      }
    }
    for (var name = value.fieldNames(); name.hasNext(); ) {
      String field = name.next();
      if (record.field(field).isEmpty()) {
        return wrong(at, "has no field of the name '" + field + "'");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> items(Column list, JsonNode value, String at) {
    Column item = Objects.requireNonNull(list.items(), "a list of something");
    for (int i = 0; i < value.size(); i++) {
      Optional<String> problem = problem(item, value.get(i), at + "[" + i + "]");
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> unexpected(Column column, String at) {
    return wrong(at, "must be " + column.expected());
  }

  private static Optional<String> wrong(String at, String what) {
    return Optional.of("field '" + at + "' " + what);
  }
}
